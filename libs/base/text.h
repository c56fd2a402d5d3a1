#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace tamroi::base {

// Whether the text is that word: as ==, but of a known size, so that the two are compared in place.
template <std::size_t size>
[[nodiscard]] bool is(std::string_view text, const char (&word)[size]) {
  return text.size() == size - 1 && std::memcmp(text.data(), word, size - 1) == 0;
}

// Bytes of the valid UTF-8 sequence that the text begins with; 0 where there is none.
[[nodiscard]] std::size_t utf8_sequence(std::string_view text);
// The code point of that sequence.
[[nodiscard]] std::uint32_t code_point(std::string_view sequence);
void append_utf8(std::string& out, std::uint32_t code_point);
// The longest prefix of at most `bytes_max` bytes that ends at a code point.
[[nodiscard]] std::string_view cut_at_code_point(std::string_view utf8, std::size_t bytes_max);
// Number of code points of valid UTF-8.
[[nodiscard]] std::size_t code_points(std::string_view utf8);
// Whether it is empty or nothing but white space (Unicode's White_Space).
[[nodiscard]] bool is_blank(std::string_view utf8);

}  // namespace tamroi::base
