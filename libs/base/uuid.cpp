#include "base/uuid.h"

#include <algorithm>

namespace tamroi::base {
namespace {

constexpr std::string_view digits = "0123456789abcdef";

constexpr std::uint8_t no_digit = 0xFF;

// The value of each character as a hex digit.
constexpr auto digit_values = [] {
  std::array<std::uint8_t, 256> values{};
  values.fill(no_digit);
  for (std::uint8_t i = 0; i < 16; ++i) values[static_cast<unsigned char>(digits[i])] = i;
  for (std::uint8_t i = 10; i < 16; ++i) values[static_cast<unsigned char>('A' + i - 10)] = i;
  return values;
}();

// Where the two digits of each byte stand.
constexpr std::array<std::uint8_t, 16> places = {0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34};

}  // namespace

std::optional<Uuid> Uuid::parse(std::string_view text) {
  if (text.size() != 36 || text[8] != '-' || text[13] != '-' || text[18] != '-' || text[23] != '-') return std::nullopt;
  Uuid id;
  std::uint8_t seen = 0;  // every value, one bit over the other: a digit's has four bits
  for (std::size_t i = 0; i < places.size(); ++i) {
    const auto high = digit_values[static_cast<unsigned char>(text[places[i]])];
    const auto low = digit_values[static_cast<unsigned char>(text[places[i] + 1U])];
    id.bytes[i] = static_cast<std::uint8_t>(high << 4 | low);
    seen |= high | low;
  }
  if (seen > 0x0F) return std::nullopt;
  return id;
}

Uuid Uuid::from_digest(const std::array<std::uint8_t, 32>& digest) {
  Uuid id;
  std::copy_n(digest.begin(), id.bytes.size(), id.bytes.begin());
  id.bytes[6] = static_cast<std::uint8_t>((id.bytes[6] & 0x0F) | 0x80);
  id.bytes[8] = static_cast<std::uint8_t>((id.bytes[8] & 0x3F) | 0x80);
  return id;
}

std::string Uuid::to_string() const {
  std::string text;
  text.reserve(36);
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) text += '-';
    text += digits[bytes[i] >> 4];
    text += digits[bytes[i] & 0x0F];
  }
  return text;
}

}  // namespace tamroi::base
