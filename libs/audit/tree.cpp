#include "audit/tree.h"

#include <bit>
#include <cstring>
#include <memory>
#include <string>

#include <openssl/evp.h>

#include "base/check.h"

namespace tamroi::audit {
namespace {

struct Freed {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
  void operator()(EVP_MD* algorithm) const { EVP_MD_free(algorithm); }
};

// Nodes are so short that looking the algorithm up would take longer than hashing them.
class Hasher {
 public:
  Hash operator()(std::string_view bytes) {
    Hash hash;
    unsigned size = 0;
    CHECK(EVP_DigestInit_ex2(context_.get(), algorithm_.get(), nullptr) == 1);
    CHECK(EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()) == 1);
    CHECK(EVP_DigestFinal_ex(context_.get(), hash.data(), &size) == 1 && size == hash.size());
    return hash;
  }

 private:
  std::unique_ptr<EVP_MD, Freed> algorithm_{EVP_MD_fetch(nullptr, "SHA256", nullptr)};
  std::unique_ptr<EVP_MD_CTX, Freed> context_{EVP_MD_CTX_new()};
};

Hash hash(std::string_view bytes) {
  thread_local Hasher hasher;
  return hasher(bytes);
}

}  // namespace

Hash leaf_hash(std::string_view entry) {
  std::string bytes;
  bytes.reserve(entry.size() + 1);
  bytes += '\0';
  bytes += entry;
  return hash(bytes);
}

Hash node_hash(const Hash& left, const Hash& right) {
  std::array<char, 65> bytes;
  bytes[0] = 1;
  std::memcpy(bytes.data() + 1, left.data(), left.size());
  std::memcpy(bytes.data() + 33, right.data(), right.size());
  return hash({bytes.data(), bytes.size()});
}

const Hash& empty_root() {
  static const Hash root = hash({});
  return root;
}

std::optional<Frontier> Frontier::of(Size size, std::span<const Hash> hashes) {
  if (hashes.size() != static_cast<std::size_t>(std::popcount(size))) return std::nullopt;
  Frontier frontier;
  frontier.size_ = size;
  frontier.hashes_.assign(hashes.begin(), hashes.end());
  return frontier;
}

void Frontier::append(const Hash& leaf) {
  hashes_.push_back(leaf);
  for (auto rest = size_; (rest & 1U) != 0; rest >>= 1U) {
    const auto right = hashes_.back();
    hashes_.pop_back();
    hashes_.back() = node_hash(hashes_.back(), right);
  }
  ++size_;
}

Hash Frontier::root() const {
  if (hashes_.empty()) return empty_root();
  auto root = hashes_.back();
  for (std::size_t i = hashes_.size() - 1; i-- > 0;) root = node_hash(hashes_[i], root);
  return root;
}

}  // namespace tamroi::audit
