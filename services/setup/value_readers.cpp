#include "setup/value_readers.h"

#include <array>
#include <charconv>
#include <span>

#include <arpa/inet.h>

namespace tamroi::setup {
namespace {

struct Unit {
  std::string_view name;
  std::uint64_t of_the_least;
};
constexpr std::array<Unit, 4> byte_units{{{"", 1}, {"KiB", 1 << 10}, {"MiB", 1 << 20}, {"GiB", 1 << 30}}};
constexpr std::array<Unit, 3> time_units{{{"ms", 1}, {"s", 1'000}, {"min", 60'000}}};

// A whole number with one of the units behind it, in the least of them.
std::optional<std::uint64_t> with_unit(std::string_view text, std::span<const Unit> units) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc()) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  while (text.starts_with(' ')) text.remove_prefix(1);
  const auto unit = std::ranges::find(units, text, &Unit::name);
  if (unit == units.end() || number > (UINT64_MAX / 2) / unit->of_the_least) return std::nullopt;
  return number * unit->of_the_least;
}

}  // namespace

std::optional<std::uint64_t> parse_whole(std::string_view text) { return with_unit(text, std::span(byte_units).first(1)); }
std::optional<std::uint64_t> parse_bytes(std::string_view text) { return with_unit(text, byte_units); }
std::optional<std::uint64_t> parse_time(std::string_view text) { return with_unit(text, time_units); }

bool is_address(const std::string& text) {
  std::array<unsigned char, sizeof(in6_addr)> parsed{};
  return inet_pton(AF_INET, text.c_str(), parsed.data()) == 1 || inet_pton(AF_INET6, text.c_str(), parsed.data()) == 1;
}

}  // namespace tamroi::setup
