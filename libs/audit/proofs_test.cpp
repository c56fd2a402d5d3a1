#include "audit/proofs.h"

#include <random>

#include <catch2/catch_test_macros.hpp>

#include "audit/known_log.h"

using namespace tamroi::audit;
using tamroi::base::to_hex;

namespace {

std::vector<std::string> begins(const Proof& proof) {
  std::vector<std::string> shown;
  for (const auto& hash : proof) shown.push_back(to_hex(hash).substr(0, 16));
  return shown;
}

// Every change of one bit, and a hash more or less, spoils a proof.
template <typename Verifies>
void check_spoilt(const Proof& proof, std::mt19937_64& chance, const Verifies& verifies) {
  if (!proof.empty()) {
    auto spoilt = proof;
    spoilt[chance() % spoilt.size()][chance() % 32] ^= static_cast<std::uint8_t>(1U << chance() % 8);
    REQUIRE_FALSE(verifies(spoilt));
    spoilt = proof;
    spoilt.pop_back();
    REQUIRE_FALSE(verifies(spoilt));
  }
  auto longer = proof;
  longer.insert(longer.begin() + static_cast<std::ptrdiff_t>(chance() % (longer.size() + 1)), Hash{});
  REQUIRE_FALSE(verifies(longer));
}

}  // namespace

TEST_CASE("the proofs of the reference set are those that are known") {
  TilesInMemory log;
  for (const auto& leaf : reference_leaves()) log.append(leaf_hash(leaf));
  using Begins = std::vector<std::string>;
  CHECK(begins(prove_inclusion(5, 8, log.subtrees(8))) == Begins{"bc1a0643b12e4d2d", "ca854ea128ed050b", "d37ee418976dd957"});
  CHECK(begins(prove_inclusion(6, 7, log.subtrees(7))) == Begins{"0ebc5d3437fbe2db", "d37ee418976dd957"});
  CHECK(begins(prove_consistency(6, 8, log.subtrees(8))) == Begins{"0ebc5d3437fbe2db", "ca854ea128ed050b", "d37ee418976dd957"});
  CHECK(begins(prove_consistency(4, 8, log.subtrees(8))) == Begins{"6b47aaf29ee3c2af"});
  CHECK(begins(prove_consistency(3, 7, log.subtrees(7))) ==
        Begins{"0298d122906dcfc1", "07506a85fd9dd2f1", "fac54203e7cc696c", "837dbb152e9b0790"});
}

TEST_CASE("each entry of each log of up to 600 entries is proved, and each log's beginnings") {
  constexpr Size most = 600;
  const auto log = numbered_log(most);
  std::vector<Hash> roots{empty_root()};
  Frontier frontier;
  for (Size i = 0; i < most; ++i) {
    frontier.append(leaf_hash(fmt::format("entry {}", i)));
    roots.push_back(frontier.root());
  }
  std::mt19937_64 chance(1);
  for (Size size = 1; size <= most; ++size) {
    const auto subtrees = log.subtrees(size);
    REQUIRE(root_of(size, subtrees) == roots[size]);
    for (std::uint64_t i = 0; i < size; ++i) {
      const auto leaf = leaf_hash(fmt::format("entry {}", i));
      const auto proof = prove_inclusion(i, size, subtrees);
      REQUIRE(is_included(leaf, i, size, proof, roots[size]));
      if (size > 1) REQUIRE_FALSE(is_included(leaf, (i + 1) % size, size, proof, roots[size]));
      if (i % 7 == 0) check_spoilt(proof, chance, [&](const Proof& other) { return is_included(leaf, i, size, other, roots[size]); });
    }
    for (Size old = 0; old <= size; ++old) {
      const auto proof = prove_consistency(old, size, subtrees);
      REQUIRE(is_consistent(old, roots[old], size, roots[size], proof));
      if (old != 0 && old % 7 == 0) {
        REQUIRE_FALSE(is_consistent(old, roots[old - 1], size, roots[size], proof));
        check_spoilt(proof, chance, [&](const Proof& other) { return is_consistent(old, roots[old], size, roots[size], other); });
      }
    }
  }
}

TEST_CASE("entries and beginnings of logs of up to ten million entries are proved") {
  const auto seed = std::random_device{}();
  CAPTURE(seed);
  std::mt19937_64 chance(seed);
  constexpr Size most = 10'000'000;
  const SyntheticLog log(most);
  Frontier frontier;
  for (Size i = 0; i < 70'000; ++i) frontier.append(SyntheticLog::leaf(i));
  REQUIRE(root_of(70'000, log.subtrees(70'000)) == frontier.root());
  for (int round = 0; round < 300; ++round) {
    const Size size = 1 + chance() % most;
    const Size old = 1 + chance() % size;
    const std::uint64_t index = chance() % size;
    const auto subtrees = log.subtrees(size);
    const auto root = root_of(size, subtrees);
    const auto leaf = SyntheticLog::leaf(index);
    const auto inclusion = prove_inclusion(index, size, subtrees);
    REQUIRE(is_included(leaf, index, size, inclusion, root));
    check_spoilt(inclusion, chance, [&](const Proof& other) { return is_included(leaf, index, size, other, root); });
    const auto old_root = root_of(old, log.subtrees(old));
    const auto consistency = prove_consistency(old, size, subtrees);
    REQUIRE(is_consistent(old, old_root, size, root, consistency));
    check_spoilt(consistency, chance, [&](const Proof& other) { return is_consistent(old, old_root, size, root, other); });
  }
}
