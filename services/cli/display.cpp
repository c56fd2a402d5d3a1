#include "cli/display.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "base/text.h"

namespace tamroi::cli {
namespace {

struct Range {
  std::uint32_t first;
  std::uint32_t last;
};

// Not wcwidth(): it depends on the locale of whoever runs the program, which is often C.
constexpr std::array zero_width{
    Range{0x0300, 0x036F}, Range{0x0E31, 0x0E31}, Range{0x0E34, 0x0E3A}, Range{0x0E47, 0x0E4E},
    Range{0x0EB1, 0x0EB1}, Range{0x0EB4, 0x0EBC}, Range{0x0EC8, 0x0ECE}, Range{0x1AB0, 0x1AFF},
    Range{0x1DC0, 0x1DFF}, Range{0x200B, 0x200F}, Range{0x202A, 0x202E}, Range{0x2060, 0x2064},
    Range{0x20D0, 0x20FF}, Range{0xFE00, 0xFE0F}, Range{0xFE20, 0xFE2F}, Range{0xFEFF, 0xFEFF},
};
constexpr std::array double_width{
    Range{0x1100, 0x115F},   Range{0x2E80, 0x303E},   Range{0x3041, 0xA4CF},   Range{0xAC00, 0xD7A3},
    Range{0xF900, 0xFAFF},   Range{0xFE30, 0xFE6F},   Range{0xFF00, 0xFF60},   Range{0xFFE0, 0xFFE6},
    Range{0x1F300, 0x1F64F}, Range{0x1F900, 0x1F9FF}, Range{0x20000, 0x3FFFD},
};

template <typename Ranges>
bool contains(const Ranges& ranges, std::uint32_t c) {
  return std::ranges::any_of(ranges, [c](const Range& range) { return range.first <= c && c <= range.last; });
}

std::size_t columns_of(std::string_view sequence) {
  const auto c = base::code_point(sequence);
  if (c < 0x300) return 1;
  if (contains(zero_width, c)) return 0;
  return contains(double_width, c) ? 2 : 1;
}

bool obeyed(std::uint32_t c) {
  return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0x2028 || c == 0x2029 || (c >= 0x202A && c <= 0x202E) ||
         (c >= 0x2066 && c <= 0x2069);
}

// The longest prefix that fits, and at least one character with its marks.
std::size_t prefix_that_fits(std::string_view text, std::size_t columns) {
  std::size_t at = 0;
  std::size_t taken = 0;
  while (at < text.size()) {
    const auto size = std::max<std::size_t>(1, base::utf8_sequence(text.substr(at)));
    const auto more = columns_of(text.substr(at, size));
    if (taken > 0 && taken + more > columns) break;
    taken += more;
    at += size;
  }
  return at;
}

}  // namespace

std::string printable(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const auto size = base::utf8_sequence(text);
    if (size == 0) {
      out += "\uFFFD";
    } else if (obeyed(base::code_point(text.substr(0, size)))) {
      out += ' ';
    } else {
      out += text.substr(0, size);
    }
    text.remove_prefix(std::max<std::size_t>(1, size));
  }
  return out;
}

std::size_t display_width(std::string_view utf8) {
  std::size_t width = 0;
  while (!utf8.empty()) {
    const auto size = std::max<std::size_t>(1, base::utf8_sequence(utf8));
    width += columns_of(utf8.substr(0, size));
    utf8.remove_prefix(size);
  }
  return width;
}

std::vector<std::string> wrapped(std::string_view utf8, std::size_t columns) {
  std::vector<std::string> lines;
  if (columns == 0) return {std::string(utf8)};
  std::string line;
  std::size_t width = 0;
  while (!utf8.empty()) {
    const auto space = std::min(utf8.find(' '), utf8.size());
    auto word = utf8.substr(0, space);
    utf8.remove_prefix(std::min(space + 1, utf8.size()));
    if (word.empty()) continue;
    const auto needs = display_width(word);
    if (!line.empty() && width + 1 + needs > columns) {
      lines.push_back(std::move(line));
      line.clear();
      width = 0;
    }
    while (line.empty() && display_width(word) > columns) {
      const auto fits = prefix_that_fits(word, columns);
      if (fits == word.size()) break;
      lines.emplace_back(word.substr(0, fits));
      word.remove_prefix(fits);
    }
    if (!line.empty()) line += ' ';
    line += word;
    width = display_width(line);
  }
  if (!line.empty() || lines.empty()) lines.push_back(std::move(line));
  return lines;
}

}  // namespace tamroi::cli
