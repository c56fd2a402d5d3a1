#include "projection/log_tree.h"

#include "base/check.h"

namespace tamroi::projection {
namespace {

// Outcomes lie between the leaves.
constexpr std::size_t bytes_at_once = std::size_t{4} << 20;

}  // namespace

audit::TiledSubtrees LogTree::subtrees(audit::Size size) const {
  return {size, [this](const audit::Tile& wanted) { return tile(wanted); }};
}

audit::Hash LogTree::root(audit::Size size) const { return audit::root_of(size, subtrees(size)); }

audit::Proof LogTree::inclusion(std::uint64_t index, audit::Size size) const { return audit::prove_inclusion(index, size, subtrees(size)); }

audit::Proof LogTree::consistency(audit::Size old_size, audit::Size size) const { return audit::prove_consistency(old_size, size, subtrees(size)); }

std::string LogTree::tile(const audit::Tile& tile) const {
  auto hashes = model_.tile(tile.level, tile.index);
  CHECK(hashes.size() >= tile.width * audit::hash_bytes);
  hashes.resize(tile.width * audit::hash_bytes);
  return hashes;
}

std::string LogTree::bundle(std::uint64_t index, std::uint64_t width) const {
  std::string bundle;
  bundle.reserve(width * (2 + event::Leaf::size_bytes));
  const auto until = index * audit::tile_width + width;
  for (auto next = until - width; next < until;) {
    const auto entries = journal_.read(event::ledger_stream, next, until - next, bytes_at_once);
    CHECK(!entries.empty());
    for (const auto& entry : entries) audit::append_to_bundle(bundle, std::string_view(entry.bytes).substr(0, event::Leaf::size_bytes));
    next += entries.size();
  }
  return bundle;
}

}  // namespace tamroi::projection
