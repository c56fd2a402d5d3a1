#include "http/target.h"

#include "base/text.h"

#include <algorithm>

namespace tamroi::http {
namespace {

int hex_value(char digit) {
  if (digit >= '0' && digit <= '9') return digit - '0';
  if (digit >= 'a' && digit <= 'f') return digit - 'a' + 10;
  if (digit >= 'A' && digit <= 'F') return digit - 'A' + 10;
  return -1;
}

bool is_control(char character) {
  return static_cast<unsigned char>(character) < 0x20 || static_cast<unsigned char>(character) == 0x7F;
}

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const std::size_t bytes = base::utf8_sequence(text);
    if (bytes == 0) return false;
    text.remove_prefix(bytes);
  }
  return true;
}

std::optional<std::string> percent_decoded(std::string_view text) {
  // Most are what they stand for.
  if (std::ranges::all_of(text, [](char c) { return c >= 0x20 && c < 0x7F && c != '%'; })) return std::string(text);
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t at = 0; at < text.size(); ++at) {
    char character = text[at];
    if (character == '%') {
      if (at + 2 >= text.size()) return std::nullopt;
      const int high = hex_value(text[at + 1]);
      const int low = hex_value(text[at + 2]);
      if (high < 0 || low < 0) return std::nullopt;
      character = static_cast<char>(high * 16 + low);
      at += 2;
    }
    if (is_control(character)) return std::nullopt;
    decoded += character;
  }
  if (!is_utf8(decoded)) return std::nullopt;
  return decoded;
}

// Calls part(text) for each piece between separators, until one is refused.
template <typename Part>
bool each_part(std::string_view text, char separator, Part part) {
  while (true) {
    const std::size_t end = text.find(separator);
    if (!part(text.substr(0, end))) return false;
    if (end == std::string_view::npos) return true;
    text.remove_prefix(end + 1);
  }
}

bool add_segment(std::vector<std::string>& segments, std::string_view raw) {
  std::optional<std::string> segment = percent_decoded(raw);
  if (!segment || segment->contains('/') || *segment == "." || *segment == "..") return false;
  segments.push_back(std::move(*segment));
  return true;
}

bool add_pair(Pairs& query, std::string_view raw) {
  if (raw.empty()) return true;
  const std::size_t equals = std::min(raw.find('='), raw.size());
  std::optional<std::string> name = percent_decoded(raw.substr(0, equals));
  std::optional<std::string> value = percent_decoded(raw.substr(std::min(equals + 1, raw.size())));
  if (!name || !value) return false;
  query.emplace_back(std::move(*name), std::move(*value));
  return true;
}

}  // namespace

std::optional<Target> parse_target(std::string_view target) {
  if (!target.starts_with('/') || target.contains('#')) return std::nullopt;
  Target parsed;
  const std::size_t mark = target.find('?');
  parsed.path = target.substr(0, mark);
  const std::string_view path = std::string_view(parsed.path).substr(1);
  if (!path.empty() && !each_part(path, '/', [&](auto raw) { return add_segment(parsed.segments, raw); })) {
    return std::nullopt;
  }
  if (mark != std::string_view::npos &&
      !each_part(target.substr(mark + 1), '&', [&](auto raw) { return add_pair(parsed.query, raw); })) {
    return std::nullopt;
  }
  return parsed;
}

}  // namespace tamroi::http
