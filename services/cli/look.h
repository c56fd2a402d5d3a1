#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace tamroi::cli {

// How an output wants to be written to.
struct Look {
  bool terminal = false;
  bool colour = false;
  std::size_t columns = 0;  // 0: no limit
};

// Of a file descriptor: colours and a width on a terminal only, and colours not where NO_COLOR is set.
[[nodiscard]] Look look_of(int descriptor);

enum class Tone : std::uint8_t { Plain, Strong, Good, Bad, Faint };

[[nodiscard]] std::string paint(const Look& look, Tone tone, std::string_view text);

// The text in lines that fit, each behind `indent` spaces and ended.
[[nodiscard]] std::string paragraph(const Look& look, std::size_t indent, std::string_view text,
                                    Tone tone = Tone::Plain);

}  // namespace tamroi::cli
