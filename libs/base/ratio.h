#pragma once

#include <cstdint>
#include <string>

namespace tamroi::base {

using Int128 = __int128;

[[nodiscard]] std::string to_string(Int128 value);

// An exact fraction, not reduced; the denominator is never negative, 0 means undefined.
struct Ratio {
  Int128 numerator = 0;
  Int128 denominator = 0;

  [[nodiscard]] bool defined() const { return denominator > 0; }
  bool operator==(const Ratio&) const = default;
};

// a >= b by cross-multiplication: never rounded. Both must be defined.
[[nodiscard]] bool at_least(const Ratio& a, const Ratio& b);
// Rounded half up to two decimals: "61.50".
[[nodiscard]] std::string two_decimals(const Ratio& value);
// As a percentage, cut (never rounded up) after four decimals, without trailing zeros: "4.9999 %", "100 %".
[[nodiscard]] std::string percent(const Ratio& value);

}  // namespace tamroi::base
