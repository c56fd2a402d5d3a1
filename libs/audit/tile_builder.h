#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "audit/tiles.h"
#include "audit/tree.h"

namespace tamroi::audit {

// The files of a log, made entry by entry: each tile and bundle as soon as it is full, the partial ones at the end.
// Keeps one of each level in memory.
class TileBuilder {
 public:
  // Gets each file of the log once, by its path.
  using Take = std::function<void(const std::string& path, std::string_view bytes)>;
  explicit TileBuilder(Take take) : take_(std::move(take)) {}

  void append(std::string_view entry);
  // Gives the partial tiles and the partial bundle; nothing is appended after it.
  void finish();
  [[nodiscard]] const Frontier& tree() const { return tree_; }

 private:
  void add(std::size_t level, const Hash& hash);

  struct Level {
    std::uint64_t index = 0;
    std::string hashes;
    Frontier within;  // the tree over these hashes
  };
  Take take_;
  Frontier tree_;
  std::vector<Level> levels_;
  std::string bundle_;
};

}  // namespace tamroi::audit
