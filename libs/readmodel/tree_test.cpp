#include "readmodel/tree.h"

#include <algorithm>
#include <filesystem>
#include <vector>

#include <catch2/catch_get_random_seed.hpp>
#include <catch2/catch_test_macros.hpp>
#include <fmt/format.h>

#include "audit/proofs.h"
#include "readmodel/build.h"
#include "support/chance.h"
#include "support/temporary_directory.h"

using namespace tamroi;

namespace {

std::vector<audit::Hash> leaves_of(std::size_t count) {
  std::vector<audit::Hash> leaves;
  for (std::size_t i = 0; i < count; ++i) leaves.push_back(audit::leaf_hash(fmt::format("entry {}", i)));
  return leaves;
}

audit::Subtrees subtrees_of(readmodel::ReadModel& model, audit::Size size) {
  return audit::TiledSubtrees(size, [&](const audit::Tile& tile) { return model.tile(tile.level, tile.index).substr(0, tile.width * audit::hash_bytes); });
}

}  // namespace

TEST_CASE("the tree over the ledger is the same however it was written, and each earlier tree can be read from it") {
  constexpr std::size_t size = 66'000;  // three levels
  const std::uint64_t seed = Catch::getSeed();
  INFO("seed " << seed);
  support::Chance chance(seed);
  const auto leaves = leaves_of(size);
  const support::TemporaryDirectory directory;
  const auto model = readmodel::open_read_model(directory.path() + "/followed");
  for (std::size_t at = 0; at < size;) {
    // Mostly as a live server commits, now and then as one that catches up.
    const auto count = std::min<std::size_t>(1 + chance.below(chance.one_in(4) ? 4'096 : 40), size - at);
    model->commit_ledger({}, at + count, std::span(leaves).subspan(at, count));
    at += count;
  }
  readmodel::Build build(directory.path() + "/built", directory.path() + "/tables");
  build.finish({}, leaves);
  const auto built = readmodel::open_read_model(directory.path() + "/built");
  REQUIRE(built->next(event::ledger_stream) == size);
  audit::each_tile(size, [&](const audit::Tile& tile) {
    const auto hashes = model->tile(tile.level, tile.index);
    REQUIRE(hashes.size() == tile.width * audit::hash_bytes);
    REQUIRE(built->tile(tile.level, tile.index) == hashes);
  });
  audit::Frontier frontier;
  for (std::size_t i = 0; i < size; ++i) {
    frontier.append(leaves[i]);
    const auto next = i + 1;
    if (next < 600 || next % 256 < 2 || chance.one_in(1'000) || next == size) REQUIRE(audit::root_of(next, subtrees_of(*model, next)) == frontier.root());
  }
}

TEST_CASE("a tree goes on where a build of it ended") {
  constexpr std::size_t size = 1'000;
  const auto leaves = leaves_of(size);
  audit::Frontier frontier;
  for (const auto& leaf : leaves) frontier.append(leaf);
  for (const std::size_t built : {0, 1, 255, 256, 257, 511, 512, 700, 1'000}) {
    const support::TemporaryDirectory directory;
    readmodel::Build build(directory.path() + "/built", directory.path() + "/tables");
    build.finish({}, std::span(leaves).first(built));
    const auto model = readmodel::open_read_model(directory.path() + "/built");
    model->commit_ledger({}, size, std::span(leaves).subspan(built));
    CHECK(audit::root_of(size, subtrees_of(*model, size)) == frontier.root());
  }
}
