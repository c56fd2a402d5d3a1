#pragma once

#include "http/request.h"
#include "http/response.h"

#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tamroi::http {

struct GateRules {
  std::vector<std::string> methods;  // of the whole route table; none: the handler refuses
  std::vector<std::string> hosts;    // Host must equal one, without regard to case
  std::size_t header_bytes_max = 8192;
  std::size_t fields_max = 64;
  std::size_t target_bytes_max = 2048;
};

// Finds the end of a header in bytes that arrive bit by bit, and stops at a bare CR or LF.
class HeaderScan {
 public:
  enum class State : std::uint8_t { Incomplete, Complete, Broken };

  // Takes everything received so far, of which the front was there at the last call.
  [[nodiscard]] State scan(std::string_view received, std::size_t header_bytes_max);
  // Of a complete header, its final empty line included.
  [[nodiscard]] std::size_t size() const { return seen_; }

 private:
  std::size_t seen_ = 0;
  std::size_t line_bytes_ = 0;
};

// What the header says about the connection and the body.
struct Head {
  Request request;  // without body and remote
  std::uint64_t content_length = 0;
  bool chunked = false;
  bool expects_continue = false;
  bool chunks_understood = false;  // HTTP/1.1
  bool keep_alive = false;

  [[nodiscard]] bool has_body() const { return chunked || content_length > 0; }
};

// The gate: looks at the bytes of a complete header before anything else does. An error is the answer (400, 405, 417)
// after which the connection closes. Beast's parser lets requests through that a proxy understands otherwise.
[[nodiscard]] std::expected<Head, Response> inspect(std::string_view header, const GateRules& rules);

// The answer to what is no HTTP.
[[nodiscard]] Response malformed(std::string why);

}  // namespace tamroi::http
