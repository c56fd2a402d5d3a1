#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "base/sha256.h"

// The Merkle tree of RFC 6962, section 2.1.
namespace tamroi::audit {

using Hash = base::Digest;
// The number of entries of a log; below 2^63, since other readers count with a sign.
using Size = std::uint64_t;

[[nodiscard]] Hash leaf_hash(std::string_view entry);
[[nodiscard]] Hash node_hash(const Hash& left, const Hash& right);
// The root of no entries.
[[nodiscard]] const Hash& empty_root();

// The roots of the perfect subtrees that a tree consists of, the largest first: all that is needed to append.
class Frontier {
 public:
  Frontier() = default;
  // None where the number of hashes is not that of a tree of so many entries.
  [[nodiscard]] static std::optional<Frontier> of(Size size, std::span<const Hash> hashes);

  void append(const Hash& leaf);
  [[nodiscard]] Size size() const { return size_; }
  [[nodiscard]] Hash root() const;
  [[nodiscard]] const std::vector<Hash>& hashes() const { return hashes_; }
  bool operator==(const Frontier&) const = default;

 private:
  Size size_ = 0;
  std::vector<Hash> hashes_;
};

}  // namespace tamroi::audit
