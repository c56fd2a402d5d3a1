#pragma once

#include "base/problem.h"

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tamroi::http {

// An answer. The session adds Content-Length, Connection, Request-Id and X-Content-Type-Options, which the headers must
// not give, and Cache-Control: no-store unless they give another.
struct Response {
  int status = 200;
  std::string content_type;
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string_view code = {};  // of a problem: the first one's, to be counted
  std::shared_ptr<const std::string> shared_body = {};  // instead of the body: one that many answers have

  [[nodiscard]] std::string_view bytes() const { return shared_body ? *shared_body : body; }
};

// application/problem+json (RFC 9457) with all problems at once.
[[nodiscard]] Response problem(int status, std::span<const base::Problem> problems);
[[nodiscard]] Response problem(int status, base::Code code, std::string why);
// The same with Retry-After; for 429 and 503.
[[nodiscard]] Response later(int status, base::Code code, std::string why, int seconds);

// "Not Found"; "Unknown" for a status without a phrase here.
[[nodiscard]] std::string_view reason_phrase(int status);

}  // namespace tamroi::http
