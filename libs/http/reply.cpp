#include "http/reply.h"

#include "base/check.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>

namespace tamroi::http {
namespace {

bool equal_in_lower_case(std::string_view text, std::string_view lower) {
  const auto same = [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a - 'A' + 'a' : a) == b; };
  return std::ranges::equal(text, lower, same);
}

bool is_the_sessions_own(std::string_view name) {
  static constexpr std::array<std::string_view, 6> own = {"content-length", "content-type", "transfer-encoding",
                                                          "connection",     "request-id",   "x-content-type-options"};
  return std::ranges::any_of(own, [&](std::string_view each) { return equal_in_lower_case(name, each); });
}

bool is_name(std::string_view name) {
  return !name.empty() && std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
  });
}

void append_header(std::string& out, std::string_view name, std::string_view value) {
  CHECK(is_name(name));
  out += name;
  out += ": ";
  const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; };
  const std::size_t begin = out.size();
  out += value;
  std::replace_if(out.begin() + static_cast<std::ptrdiff_t>(begin), out.end(), is_control, ' ');
  out += "\r\n";
}

}  // namespace

bool may_have_body(int status) { return status >= 200 && status != 204 && status != 304; }

std::string render_head(const Response& response, std::string_view request_id, BodyFraming framing, bool close) {
  CHECK(response.status >= 200 && response.status <= 599);
  std::string out;
  out.reserve(320);
  out += "HTTP/1.1 ";
  out += fmt::format_int(response.status).c_str();
  out += ' ';
  out += reason_phrase(response.status);
  out += "\r\n";
  append_header(out, "Request-Id", request_id);
  append_header(out, "X-Content-Type-Options", "nosniff");
  bool cache_control = false;
  for (const auto& [name, value] : response.headers) {
    CHECK(!is_the_sessions_own(name));
    cache_control = cache_control || equal_in_lower_case(name, "cache-control");
    append_header(out, name, value);
  }
  if (!cache_control) append_header(out, "Cache-Control", "no-store");
  if (!response.content_type.empty()) append_header(out, "Content-Type", response.content_type);
  if (may_have_body(response.status)) {
    if (framing == BodyFraming::Length) append_header(out, "Content-Length", fmt::format_int(response.bytes().size()).c_str());
    if (framing == BodyFraming::Chunked) append_header(out, "Transfer-Encoding", "chunked");
  }
  if (close) append_header(out, "Connection", "close");
  out += "\r\n";
  return out;
}

}  // namespace tamroi::http
