#include "audit/proofs.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "base/check.h"

namespace tamroi::audit {
namespace {

// The largest power of two below a number of at least 2.
Size split_of(Size size) { return std::bit_floor(size - 1); }

// The root of the entries [begin, begin + size), where begin is a multiple of size's next power of two.
Hash range_root(std::uint64_t begin, Size size, const Subtrees& subtrees) {
  if (std::has_single_bit(size)) {
    const auto level = static_cast<unsigned>(std::countr_zero(size));
    return subtrees(level, begin >> level);
  }
  const auto split = split_of(size);
  const auto left = range_root(begin, split, subtrees);
  return node_hash(left, range_root(begin + split, size - split, subtrees));
}

// Upwards from a pair of places, a leaf's and the last one's, as RFC 9162 words it.
class Climb {
 public:
  Climb(std::uint64_t place, std::uint64_t last) : place_(place), last_(last) {}
  [[nodiscard]] bool at_root() const { return last_ == 0; }
  // Whether the next sibling stands on the left.
  [[nodiscard]] bool from_left() const { return (place_ & 1U) != 0 || place_ == last_; }
  void skip_right_edges() {
    while ((place_ & 1U) != 0) up();
  }
  void step() {
    if (from_left() && (place_ & 1U) == 0) {
      while ((place_ & 1U) == 0 && place_ != 0) up();
    }
    up();
  }

 private:
  void up() {
    place_ >>= 1U;
    last_ >>= 1U;
  }
  std::uint64_t place_;
  std::uint64_t last_;
};

}  // namespace

Hash root_of(Size size, const Subtrees& subtrees) { return size == 0 ? empty_root() : range_root(0, size, subtrees); }

Proof prove_inclusion(std::uint64_t index, Size size, const Subtrees& subtrees) {
  CHECK(index < size);
  Proof proof;
  std::uint64_t begin = 0;
  while (size > 1) {
    const auto split = split_of(size);
    if (index - begin < split) {
      proof.push_back(range_root(begin + split, size - split, subtrees));
      size = split;
    } else {
      proof.push_back(range_root(begin, split, subtrees));
      begin += split;
      size -= split;
    }
  }
  std::ranges::reverse(proof);
  return proof;
}

Proof prove_consistency(Size old_size, Size size, const Subtrees& subtrees) {
  CHECK(old_size <= size);
  if (old_size == 0 || old_size == size) return {};
  Proof proof;
  std::uint64_t begin = 0;
  auto old = old_size;
  // The old tree's own root is known to whoever asks, but not that of a subtree at its right edge.
  while (old != size) {
    const auto split = split_of(size);
    if (old <= split) {
      proof.push_back(range_root(begin + split, size - split, subtrees));
      size = split;
    } else {
      proof.push_back(range_root(begin, split, subtrees));
      begin += split;
      old -= split;
      size -= split;
    }
  }
  if (begin != 0) proof.push_back(range_root(begin, size, subtrees));
  std::ranges::reverse(proof);
  return proof;
}

bool is_included(const Hash& leaf, std::uint64_t index, Size size, const Proof& proof, const Hash& root) {
  if (index >= size) return false;
  Climb climb(index, size - 1);
  auto hash = leaf;
  for (const auto& sibling : proof) {
    if (climb.at_root()) return false;
    hash = climb.from_left() ? node_hash(sibling, hash) : node_hash(hash, sibling);
    climb.step();
  }
  return climb.at_root() && hash == root;
}

bool is_consistent(Size old_size, const Hash& old_root, Size size, const Hash& root, const Proof& proof) {
  if (old_size > size) return false;
  if (old_size == size) return proof.empty() && old_root == root;
  if (old_size == 0) return proof.empty() && old_root == empty_root();
  auto next = proof.begin();
  // The old tree is a subtree of the new one, whose root the proof then leaves out.
  const bool perfect = std::has_single_bit(old_size);
  if (!perfect && next == proof.end()) return false;
  auto old_hash = perfect ? old_root : *next++;
  auto hash = old_hash;
  Climb climb(old_size - 1, size - 1);
  climb.skip_right_edges();
  for (; next != proof.end(); ++next) {
    if (climb.at_root()) return false;
    if (climb.from_left()) {
      old_hash = node_hash(*next, old_hash);
      hash = node_hash(*next, hash);
    } else {
      hash = node_hash(hash, *next);
    }
    climb.step();
  }
  return climb.at_root() && old_hash == old_root && hash == root;
}

Hash TiledSubtrees::operator()(unsigned level, std::uint64_t index) {
  const auto tile_level = level / 8;
  const auto count = std::uint64_t{1} << (level % 8);
  const auto first = index * count;
  const auto& bytes = tile(tile_level, first / tile_width);
  std::vector<Hash> hashes(count);
  const auto offset = first % tile_width * hash_bytes;
  CHECK(offset + count * hash_bytes <= bytes.size());
  std::memcpy(hashes.data(), bytes.data() + offset, count * hash_bytes);
  for (; hashes.size() > 1; hashes.resize(hashes.size() / 2)) {
    for (std::size_t i = 0; i < hashes.size() / 2; ++i) hashes[i] = node_hash(hashes[2 * i], hashes[2 * i + 1]);
  }
  return hashes.front();
}

const std::string& TiledSubtrees::tile(unsigned level, std::uint64_t index) {
  const Tile wanted{level, index, width_in(level, index, size_)};
  const auto found = std::ranges::find(kept_, wanted, &Kept::tile);
  if (found != kept_.end()) return found->bytes;
  kept_.push_back({wanted, read_(wanted)});
  CHECK(kept_.back().bytes.size() == wanted.width * hash_bytes);
  return kept_.back().bytes;
}

}  // namespace tamroi::audit
