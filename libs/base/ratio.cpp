#include "base/ratio.h"

#include <algorithm>

#include "base/check.h"

namespace tamroi::base {
namespace {

Int128 floor_divide(Int128 a, Int128 b) {
  const Int128 quotient = a / b;
  return (a % b != 0 && (a < 0)) ? quotient - 1 : quotient;
}

}  // namespace

std::string to_string(Int128 value) {
  const bool negative = value < 0;
  auto rest = negative ? -static_cast<unsigned __int128>(value) : static_cast<unsigned __int128>(value);
  std::string text;
  do {
    text += static_cast<char>('0' + static_cast<int>(rest % 10));
    rest /= 10;
  } while (rest != 0);
  if (negative) text += '-';
  std::ranges::reverse(text);
  return text;
}

bool at_least(const Ratio& a, const Ratio& b) {
  CHECK(a.defined() && b.defined());
  return a.numerator * b.denominator >= b.numerator * a.denominator;
}

std::string two_decimals(const Ratio& value) {
  CHECK(value.defined());
  const Int128 hundredths =
      floor_divide(value.numerator * 200 + value.denominator, value.denominator * 2);
  const Int128 size = hundredths < 0 ? -hundredths : hundredths;
  std::string fraction = to_string(size % 100);
  if (fraction.size() < 2) fraction.insert(0, 1, '0');
  return (hundredths < 0 ? "-" : "") + to_string(size / 100) + "." + fraction;
}

std::string percent(const Ratio& value) {
  CHECK(value.defined());
  const Int128 scaled = floor_divide(value.numerator * 1'000'000, value.denominator);
  const Int128 size = scaled < 0 ? -scaled : scaled;
  std::string text = (scaled < 0 ? "-" : "") + to_string(size / 10'000);
  std::string fraction = to_string(size % 10'000);
  fraction.insert(0, 4 - fraction.size(), '0');
  while (!fraction.empty() && fraction.back() == '0') fraction.pop_back();
  if (!fraction.empty()) text += "." + fraction;
  return text + " %";
}

}  // namespace tamroi::base
