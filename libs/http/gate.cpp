#include "http/gate.h"

#include "http/target.h"

#include <algorithm>
#include <charconv>

namespace tamroi::http {
namespace {

// Why a header is refused; the empty text means that it is not.
using Fault = std::string_view;

bool is_token(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("!#$%&'*+-.^_`|~").contains(c);
  });
}

bool is_field_value(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c == '\t' || (c >= 0x20 && c <= 0x7E); });
}

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = lower(c);
  return out;
}

bool equal_in_any_case(std::string_view one, std::string_view other) {
  return std::ranges::equal(one, other, [](char a, char b) { return lower(a) == lower(b); });
}

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

std::string_view next_line(std::string_view& rest) {
  const std::size_t end = rest.find("\r\n");
  const std::string_view line = rest.substr(0, end);
  rest.remove_prefix(end + 2);
  return line;
}

Fault read_request_line(std::string_view line, const GateRules& rules, Head& head) {
  const std::size_t first = line.find(' ');
  const std::size_t last = line.rfind(' ');
  if (first == std::string_view::npos || first == last) return "The request line has not three parts.";
  const std::string_view target = line.substr(first + 1, last - first - 1);
  const std::string_view version = line.substr(last + 1);
  if (!is_token(line.substr(0, first))) return "The method is no token.";
  if (version != "HTTP/1.1" && version != "HTTP/1.0") return "The version of HTTP is not served here.";
  if (target.size() > rules.target_bytes_max) return "The target is too long.";
  if (!std::ranges::all_of(target, [](char c) { return c >= 0x21 && c <= 0x7E; })) {
    return "The target has a character that must be percent-encoded.";
  }
  std::optional<Target> parsed = parse_target(target);
  if (!parsed) return "The target is no path with sound percent encodings.";
  head.request.method = line.substr(0, first);
  head.request.path = std::move(parsed->path);
  head.request.segments = std::move(parsed->segments);
  head.request.query = std::move(parsed->query);
  head.chunks_understood = version == "HTTP/1.1";
  head.keep_alive = head.chunks_understood;
  return {};
}

Fault read_fields(std::string_view rest, const GateRules& rules, Head& head) {
  head.request.headers.reserve(8);
  while (true) {
    const std::string_view line = next_line(rest);
    if (line.empty()) return {};
    if (head.request.headers.size() == rules.fields_max) return "There are too many header fields.";
    const std::size_t colon = line.find(':');
    // A folded line begins with white space, and a space before the colon is no token either.
    if (colon == std::string_view::npos || !is_token(line.substr(0, colon))) return "A header field has no sound name.";
    const std::string_view value = trimmed(line.substr(colon + 1));
    if (!is_field_value(value)) return "A header field has a forbidden character.";
    head.request.headers.emplace_back(lower(line.substr(0, colon)), value);
  }
}

// The only value of a field that may come once; more than one is a fault.
Fault only(const Request& request, std::string_view name, std::optional<std::string_view>& value) {
  for (const auto& [field, text] : request.headers) {
    if (field != name) continue;
    if (value) return "A header field that may come once comes twice.";
    value = text;
  }
  return {};
}

Fault check_framing(Head& head) {
  std::optional<std::string_view> length;
  std::optional<std::string_view> coding;
  if (const Fault fault = only(head.request, "content-length", length); !fault.empty()) return fault;
  if (const Fault fault = only(head.request, "transfer-encoding", coding); !fault.empty()) return fault;
  if (coding) {
    if (*coding != "chunked") return "Transfer-Encoding is not chunked.";
    if (length) return "Transfer-Encoding and Content-Length exclude each other.";
    if (!head.chunks_understood) return "HTTP/1.0 has no Transfer-Encoding.";
    head.chunked = true;
  }
  if (length) {
    const bool digits = std::ranges::all_of(*length, [](char c) { return c >= '0' && c <= '9'; });
    if (!digits || length->empty() || length->size() > 10 || (length->size() > 1 && length->front() == '0')) {
      return "Content-Length is no number of bytes.";
    }
    std::from_chars(length->data(), length->data() + length->size(), head.content_length);
  }
  return {};
}

Fault check_host(const Head& head, const GateRules& rules) {
  std::optional<std::string_view> host;
  if (const Fault fault = only(head.request, "host", host); !fault.empty()) return fault;
  if (!host) return "There is no Host.";
  if (std::ranges::none_of(rules.hosts, [&](const std::string& known) { return equal_in_any_case(known, *host); })) {
    return "The Host is not served here.";
  }
  return {};
}

void read_connection(Head& head) {
  for (const auto& [name, value] : head.request.headers) {
    if (name != "connection") continue;
    std::string_view rest = value;
    while (!rest.empty()) {
      const std::size_t end = std::min(rest.find(','), rest.size());
      if (equal_in_any_case(trimmed(rest.substr(0, end)), "close")) head.keep_alive = false;
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
  }
}

Response not_allowed(const GateRules& rules) {
  Response response = problem(405, base::Code::MethodNotAllowed, "No path takes this method.");
  std::string allowed;
  for (const std::string& method : rules.methods) allowed += (allowed.empty() ? "" : ", ") + method;
  response.headers.emplace_back("Allow", std::move(allowed));
  return response;
}

}  // namespace

HeaderScan::State HeaderScan::scan(std::string_view received, std::size_t header_bytes_max) {
  while (true) {
    const std::string_view rest = received.substr(seen_, header_bytes_max - seen_);
    const auto text = static_cast<std::size_t>(std::ranges::find_if(rest, [](char c) { return c == '\r' || c == '\n'; }) - rest.begin());
    if (text > 0 && seen_ > 0 && received[seen_ - 1] == '\r') return State::Broken;
    seen_ += text;
    line_bytes_ += text;
    if (seen_ == received.size()) return State::Incomplete;
    if (seen_ == header_bytes_max) return State::Broken;
    const char current = received[seen_];
    const bool after_cr = seen_ > 0 && received[seen_ - 1] == '\r';
    if (after_cr != (current == '\n')) return State::Broken;
    ++seen_;
    if (current != '\n') continue;
    if (line_bytes_ == 0) return State::Complete;
    line_bytes_ = 0;
  }
}

Response malformed(std::string why) { return problem(400, base::Code::Malformed, std::move(why)); }

std::expected<Head, Response> inspect(std::string_view header, const GateRules& rules) {
  Head head;
  const auto refused = [](Fault fault) { return std::unexpected(malformed(std::string(fault))); };
  std::string_view rest = header;
  if (const Fault fault = read_request_line(next_line(rest), rules, head); !fault.empty()) return refused(fault);
  if (const Fault fault = read_fields(rest, rules, head); !fault.empty()) return refused(fault);
  if (const Fault fault = check_framing(head); !fault.empty()) return refused(fault);
  if (const Fault fault = check_host(head, rules); !fault.empty()) return refused(fault);
  std::optional<std::string_view> expectation;
  if (const Fault fault = only(head.request, "expect", expectation); !fault.empty()) return refused(fault);
  if (head.request.header("upgrade")) return refused("Upgrades are not offered.");
  if (expectation && lower(*expectation) != "100-continue") {
    return std::unexpected(problem(417, base::Code::ExpectationFailed, "Only 100-continue can be expected."));
  }
  if (!rules.methods.empty() && std::ranges::find(rules.methods, head.request.method) == rules.methods.end()) {
    return std::unexpected(not_allowed(rules));
  }
  head.expects_continue = expectation.has_value() && head.chunks_understood && head.has_body();
  read_connection(head);
  return head;
}

}  // namespace tamroi::http
