#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <cstring>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace tamroi::base {

// A UUID (RFC 9562) of any version: 8-4-4-4-12 hex digits in either case, shown in lower case.
struct Uuid {
  std::array<std::uint8_t, 16> bytes{};

  [[nodiscard]] static std::optional<Uuid> parse(std::string_view text);
  // A version 8 UUID from the first 16 bytes of a digest.
  [[nodiscard]] static Uuid from_digest(const std::array<std::uint8_t, 32>& digest);
  [[nodiscard]] std::string to_string() const;
  [[nodiscard]] std::string_view raw() const {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  }
  auto operator<=>(const Uuid&) const = default;
};

}  // namespace tamroi::base

template <>
struct std::hash<tamroi::base::Uuid> {
  std::size_t operator()(const tamroi::base::Uuid& id) const noexcept {
    std::uint64_t high = 0;
    std::uint64_t low = 0;
    std::memcpy(&high, id.bytes.data(), 8);
    std::memcpy(&low, id.bytes.data() + 8, 8);
    return static_cast<std::size_t>((high ^ (low * 0x9E3779B97F4A7C15ULL)) * 0xD6E8FEB86659FD93ULL);
  }
};
