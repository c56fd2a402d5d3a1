#pragma once

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "audit/proofs.h"
#include "audit/tiles.h"

// Logs in memory, for tests.
namespace tamroi::audit {

// The reference set of Certificate Transparency.
inline const std::vector<std::string>& reference_leaves() {
  static const std::vector<std::string> leaves{
      "", std::string(1, '\0'), "\x10", "\x20\x21", "\x30\x31", "\x40\x41\x42\x43", "\x50\x51\x52\x53\x54\x55\x56\x57",
      "\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f"};
  return leaves;
}

// The tiles of a growing log.
class TilesInMemory {
 public:
  void append(const Hash& leaf) {
    frontier_.append(leaf);
    auto hash = leaf;
    for (std::size_t level = 0;; ++level) {
      if (levels_.size() == level) levels_.emplace_back();
      levels_[level] += base::raw(hash);
      const auto count = levels_[level].size() / hash_bytes;
      if (count % tile_width != 0) return;
      hash = root_of_tile({static_cast<unsigned>(level), count / tile_width - 1, tile_width});
    }
  }
  [[nodiscard]] Size size() const { return frontier_.size(); }
  [[nodiscard]] Hash root() const { return frontier_.root(); }
  [[nodiscard]] std::string tile(const Tile& tile) const {
    return levels_.at(tile.level).substr(tile.index * tile_width * hash_bytes, tile.width * hash_bytes);
  }
  [[nodiscard]] Subtrees subtrees(Size size) const {
    return [tiled = std::make_shared<TiledSubtrees>(size, [this](const Tile& wanted) { return tile(wanted); })](
               unsigned level, std::uint64_t index) { return (*tiled)(level, index); };
  }

 private:
  [[nodiscard]] Hash root_of_tile(const Tile& full) const {
    Frontier frontier;
    const auto bytes = tile(full);
    for (std::size_t i = 0; i < tile_width; ++i) {
      Hash hash;
      std::copy_n(bytes.begin() + static_cast<std::ptrdiff_t>(i * hash_bytes), hash_bytes, hash.begin());
      frontier.append(hash);
    }
    return frontier.root();
  }
  Frontier frontier_;
  std::vector<std::string> levels_;
};

// A log so large that making its entries would take too long: its leaves' hashes are numbers that look like chance. The tiles
// above the first level are kept.
class SyntheticLog {
 public:
  explicit SyntheticLog(Size most) {
    std::vector<Hash> below;
    for (Size first = 0; first + tile_width <= most; first += tile_width) {
      Frontier tile;
      for (Size i = 0; i < tile_width; ++i) tile.append(leaf(first + i));
      below.push_back(tile.root());
    }
    while (!below.empty()) {
      std::vector<Hash> above;
      for (std::size_t first = 0; first + tile_width <= below.size(); first += tile_width) {
        Frontier tile;
        for (std::size_t i = 0; i < tile_width; ++i) tile.append(below[first + i]);
        above.push_back(tile.root());
      }
      levels_.push_back(std::move(below));
      below = std::move(above);
    }
  }
  [[nodiscard]] static Hash leaf(std::uint64_t index) {
    Hash hash;
    for (std::size_t i = 0; i < hash.size(); ++i) {
      index = (index ^ (index >> 30)) * 0xBF58476D1CE4E5B9ULL + 0x9E3779B97F4A7C15ULL;
      hash[i] = static_cast<std::uint8_t>(index >> 56);
    }
    return hash;
  }
  [[nodiscard]] std::string tile(const Tile& tile) const {
    std::string bytes;
    for (std::uint64_t i = tile.index * tile_width; i < tile.index * tile_width + tile.width; ++i) {
      const auto hash = tile.level == 0 ? leaf(i) : levels_.at(tile.level - 1).at(i);
      bytes += base::raw(hash);
    }
    return bytes;
  }
  [[nodiscard]] Subtrees subtrees(Size size) const {
    return [tiled = std::make_shared<TiledSubtrees>(size, [this](const Tile& wanted) { return tile(wanted); })](
               unsigned level, std::uint64_t index) { return (*tiled)(level, index); };
  }

 private:
  std::vector<std::vector<Hash>> levels_;  // from the second on
};

inline TilesInMemory numbered_log(Size size) {
  TilesInMemory log;
  for (Size i = 0; i < size; ++i) log.append(leaf_hash(fmt::format("entry {}", i)));
  return log;
}

}  // namespace tamroi::audit
