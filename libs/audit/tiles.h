#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "audit/tree.h"

// Tiles of height 8 (c2sp.org/tlog-tiles): how a log is laid out for whoever mirrors or checks it.
namespace tamroi::audit {

inline constexpr std::uint64_t tile_width = 256;
inline constexpr std::size_t hash_bytes = 32;

// Hashes [index * 256, index * 256 + width) of a level: at level 0 those of the entries, above it the roots of the full
// tiles below.
struct Tile {
  unsigned level = 0;
  std::uint64_t index = 0;
  std::uint64_t width = tile_width;  // 1 to 256
  bool operator==(const Tile&) const = default;
};

// How many hashes a level has in a tree of a size.
[[nodiscard]] constexpr std::uint64_t level_width(unsigned level, Size size) { return level >= 8 ? 0 : size >> (8 * level); }
// How many hashes a tile has in a tree of a size; 0: there is none.
[[nodiscard]] std::uint64_t width_in(unsigned level, std::uint64_t index, Size size);
// All tiles of a tree, the partial ones as wide as they are then.
void each_tile(Size size, const std::function<void(const Tile&)>& visit);

// "tile/0/x001/000.p/17"; of a bundle of entries, which lies at the place of a level, "tile/entries/x001/000.p/17".
[[nodiscard]] std::string path_of(const Tile& tile);
[[nodiscard]] std::string bundle_path(std::uint64_t index, std::uint64_t width = tile_width);

struct TilePath {
  bool entries = false;  // a bundle; the level is then 0
  Tile tile;
  bool operator==(const TilePath&) const = default;
};
// Only what the two above write.
[[nodiscard]] std::optional<TilePath> parse_tile_path(std::string_view path);

// An entry in a bundle: its length (2 bytes, big-endian), and itself. At most 65,535 bytes.
void append_to_bundle(std::string& bundle, std::string_view entry);
// The next entry, which is taken off; none where the bundle is cut off.
[[nodiscard]] std::optional<std::string_view> take_from_bundle(std::string_view& bundle);

}  // namespace tamroi::audit
