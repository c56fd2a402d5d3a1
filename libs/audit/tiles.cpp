#include "audit/tiles.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "base/check.h"

namespace tamroi::audit {
namespace {

std::string in_groups(std::uint64_t number) {
  auto text = fmt::format("{:03}", number % 1000);
  while ((number /= 1000) != 0) text = fmt::format("x{:03}/{}", number % 1000, text);
  return text;
}

std::string with_width(std::string path, std::uint64_t width) {
  CHECK(width >= 1 && width <= tile_width);
  return width == tile_width ? path : fmt::format("{}.p/{}", path, width);
}

std::optional<std::uint64_t> number(std::string_view digits, std::uint64_t most) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error != std::errc() || end != digits.data() + digits.size() || value > most) return std::nullopt;
  return value;
}

std::optional<std::uint64_t> from_groups(std::string_view text) {
  std::uint64_t value = 0;
  while (true) {
    const bool last = !text.starts_with('x');
    if (!last) text.remove_prefix(1);
    const auto group = number(text.substr(0, 3), 999);
    if (text.size() < 3 || !group || value > (std::uint64_t{1} << 53)) return std::nullopt;
    value = value * 1000 + *group;
    text.remove_prefix(3);
    if (last) break;
    if (!text.starts_with('/')) return std::nullopt;
    text.remove_prefix(1);
  }
  return text.empty() ? std::optional(value) : std::nullopt;
}

}  // namespace

std::uint64_t width_in(unsigned level, std::uint64_t index, Size size) {
  const auto hashes = level_width(level, size);
  if (index > hashes / tile_width) return 0;
  return std::min(tile_width, hashes - index * tile_width);
}

void each_tile(Size size, const std::function<void(const Tile&)>& visit) {
  for (unsigned level = 0; level_width(level, size) != 0; ++level) {
    for (std::uint64_t index = 0; const auto width = width_in(level, index, size); ++index) visit({level, index, width});
  }
}

std::string path_of(const Tile& tile) {
  return with_width(fmt::format("tile/{}/{}", tile.level, in_groups(tile.index)), tile.width);
}

std::string bundle_path(std::uint64_t index, std::uint64_t width) {
  return with_width("tile/entries/" + in_groups(index), width);
}

std::optional<TilePath> parse_tile_path(std::string_view path) {
  const auto whole = path;
  if (!path.starts_with("tile/")) return std::nullopt;
  path.remove_prefix(5);
  const auto slash = path.find('/');
  if (slash == path.npos) return std::nullopt;
  TilePath found;
  found.entries = path.substr(0, slash) == "entries";
  if (!found.entries) {
    const auto level = number(path.substr(0, slash), 63);
    if (!level) return std::nullopt;
    found.tile.level = static_cast<unsigned>(*level);
  }
  path.remove_prefix(slash + 1);
  if (const auto partial = path.find(".p/"); partial != path.npos) {
    const auto width = number(path.substr(partial + 3), tile_width - 1);
    if (!width || *width == 0) return std::nullopt;
    found.tile.width = *width;
    path = path.substr(0, partial);
  }
  const auto index = from_groups(path);
  if (!index) return std::nullopt;
  found.tile.index = *index;
  // Superfluous zeros and groups name nothing.
  const auto canonical = found.entries ? bundle_path(found.tile.index, found.tile.width) : path_of(found.tile);
  return canonical == whole ? std::optional(found) : std::nullopt;
}

void append_to_bundle(std::string& bundle, std::string_view entry) {
  CHECK(entry.size() <= 0xFFFF);
  bundle += static_cast<char>(entry.size() >> 8);
  bundle += static_cast<char>(entry.size() & 0xFF);
  bundle += entry;
}

std::optional<std::string_view> take_from_bundle(std::string_view& bundle) {
  if (bundle.size() < 2) return std::nullopt;
  const auto size = static_cast<std::size_t>(static_cast<std::uint8_t>(bundle[0])) << 8 | static_cast<std::uint8_t>(bundle[1]);
  if (bundle.size() - 2 < size) return std::nullopt;
  const auto entry = bundle.substr(2, size);
  bundle.remove_prefix(2 + size);
  return entry;
}

}  // namespace tamroi::audit
