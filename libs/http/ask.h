#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tamroi::http {

// Where a server is asked: http://host:port/prefix, without a slash at the end.
struct ServerUrl {
  std::string host;  // without the brackets of an IPv6 address
  std::uint16_t port = 80;
  std::string prefix;
  [[nodiscard]] std::string authority() const;
};
// Nothing where it is no such URL. Without TLS, which is a proxy's.
[[nodiscard]] std::optional<ServerUrl> parse_server_url(std::string_view url);

struct Answer {
  int status = 0;
  std::string content_type;
  std::string body;
};

// One request over a connection of its own, with a body (POST) or without (GET); blocks until the answer is there or the time
// is over. For a few requests now and then.
// Throws std::system_error, also where the answer is longer than 64 KiB.
[[nodiscard]] Answer ask(const ServerUrl& server, std::string_view path, const std::optional<std::string>& body, std::chrono::milliseconds within);

}  // namespace tamroi::http
