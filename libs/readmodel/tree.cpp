#include "readmodel/tree.h"

#include <vector>

#include "base/check.h"

namespace tamroi::readmodel {
namespace {

audit::Hash root_of(const std::string& full_tile) {
  audit::Frontier frontier;
  audit::Hash hash;
  for (std::size_t at = 0; at < full_tile.size(); at += hash.size()) {
    full_tile.copy(reinterpret_cast<char*>(hash.data()), hash.size(), at);
    frontier.append(hash);
  }
  return frontier.root();
}

}  // namespace

void grow_tree(audit::Size size, std::span<const audit::Hash> leaves, const TileRow& row, const PutTileRow& put) {
  std::vector<audit::Hash> roots;
  for (unsigned level = 0; !leaves.empty(); ++level) {
    std::vector<audit::Hash> above;
    auto place = audit::level_width(level, size);
    auto hashes = place % audit::tile_width == 0 ? std::string() : row(level, place / audit::tile_width);
    CHECK(hashes.size() == place % audit::tile_width * audit::hash_bytes);
    for (const auto& leaf : leaves) {
      hashes += base::raw(leaf);
      if (++place % audit::tile_width != 0) continue;
      put(level, place / audit::tile_width - 1, hashes);
      above.push_back(root_of(hashes));
      hashes.clear();
    }
    if (!hashes.empty()) put(level, place / audit::tile_width, hashes);
    roots = std::move(above);
    leaves = roots;
  }
}

}  // namespace tamroi::readmodel
