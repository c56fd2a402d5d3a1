#include "audit/tile_builder.h"

namespace tamroi::audit {

void TileBuilder::append(std::string_view entry) {
  const auto hash = leaf_hash(entry);
  append_to_bundle(bundle_, entry);
  tree_.append(hash);
  if (tree_.size() % tile_width == 0) {
    take_(bundle_path(tree_.size() / tile_width - 1), bundle_);
    bundle_.clear();
  }
  add(0, hash);
}

void TileBuilder::add(std::size_t level, const Hash& hash) {
  if (levels_.size() == level) levels_.emplace_back();
  auto& tile = levels_[level];
  tile.hashes += base::raw(hash);
  tile.within.append(hash);
  if (tile.within.size() != tile_width) return;
  take_(path_of({static_cast<unsigned>(level), tile.index, tile_width}), tile.hashes);
  const auto root = tile.within.root();
  tile = {tile.index + 1, {}, {}};
  add(level + 1, root);
}

void TileBuilder::finish() {
  if (!bundle_.empty()) take_(bundle_path(tree_.size() / tile_width, tree_.size() % tile_width), bundle_);
  for (std::size_t level = 0; level < levels_.size(); ++level) {
    const auto& tile = levels_[level];
    if (!tile.hashes.empty()) take_(path_of({static_cast<unsigned>(level), tile.index, tile.within.size()}), tile.hashes);
  }
}

}  // namespace tamroi::audit
