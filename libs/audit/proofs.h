#pragma once

#include <functional>
#include <string>
#include <vector>

#include "audit/tiles.h"
#include "audit/tree.h"

// Inclusion and consistency proofs (RFC 6962, section 2.1; checked as in RFC 9162, section 2.1.3 and 2.1.4).
namespace tamroi::audit {

using Proof = std::vector<Hash>;

// The roots of the perfect subtrees of a tree: at level l that of the entries [index * 2^l, (index + 1) * 2^l).
using Subtrees = std::function<Hash(unsigned level, std::uint64_t index)>;

[[nodiscard]] Hash root_of(Size size, const Subtrees& subtrees);
// Siblings from the leaf's to the root's child. `index` is below `size`.
[[nodiscard]] Proof prove_inclusion(std::uint64_t index, Size size, const Subtrees& subtrees);
// That a tree of `old_size` entries is the beginning of one of `size`; empty where they are equal, or the old one empty.
[[nodiscard]] Proof prove_consistency(Size old_size, Size size, const Subtrees& subtrees);

[[nodiscard]] bool is_included(const Hash& leaf, std::uint64_t index, Size size, const Proof& proof, const Hash& root);
[[nodiscard]] bool is_consistent(Size old_size, const Hash& old_root, Size size, const Hash& root, const Proof& proof);

// Subtrees out of the tiles of a tree, each read once. Not for several threads.
//
// Errors: throws Defect where a tile is not as long as its width says; whatever `read` throws.
class TiledSubtrees {
 public:
  // Gives a tile's bytes: its hashes.
  using Read = std::function<std::string(const Tile&)>;
  TiledSubtrees(Size size, Read read) : size_(size), read_(std::move(read)) {}
  [[nodiscard]] Hash operator()(unsigned level, std::uint64_t index);

 private:
  struct Kept {
    Tile tile;
    std::string bytes;
  };
  const std::string& tile(unsigned level, std::uint64_t index);

  Size size_;
  Read read_;
  std::vector<Kept> kept_;
};

}  // namespace tamroi::audit
