#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace tamroi::cli {

// Text that others wrote, safe to show: control characters, which a terminal would obey, become spaces, and what
// is no UTF-8 becomes U+FFFD.
[[nodiscard]] std::string printable(std::string_view text);

// Columns that valid UTF-8 takes on a terminal: a Thai vowel or tone mark above or below takes none, a wide
// character two.
[[nodiscard]] std::size_t display_width(std::string_view utf8);

// Lines of at most `columns`, broken at spaces, and within a word only where it alone is too long; 0: no limit.
// A mark is never parted from its consonant.
[[nodiscard]] std::vector<std::string> wrapped(std::string_view utf8, std::size_t columns);

}  // namespace tamroi::cli
