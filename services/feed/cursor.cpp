#include "feed/cursor.h"

#include <charconv>

#include <fmt/format.h>

namespace tamroi::feed {
namespace {

template <class Number>
bool parse_number(std::string_view text, Number& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size();
}

}  // namespace

std::string to_string(const Cursor& cursor) { return fmt::format("{}.{}", cursor.index, cursor.ordinal); }

std::optional<Cursor> parse_cursor(std::string_view text) {
  const auto dot = text.find('.');
  Cursor cursor;
  if (dot == std::string_view::npos || !parse_number(text.substr(0, dot), cursor.index) || !parse_number(text.substr(dot + 1), cursor.ordinal)) {
    return std::nullopt;
  }
  return cursor;
}

}  // namespace tamroi::feed
