#include <stdexcept>

#include <fmt/format.h>

#include "audit/proofs.h"
#include "audit/witnessing.h"
#include "verify/program/inputs.h"
#include "verify/program/source.h"

namespace tamroi::verify {
namespace {

// The tile is not as long as its place in the log says, or is not there.
struct BadTile {
  std::string path;
};

audit::Proof computed(const audit::Checkpoint& older, const audit::Checkpoint& newer, const Source& source) {
  const auto read = [&](const audit::Tile& tile) {
    const auto path = path_of(tile);
    auto bytes = source(path);
    // What was partial may have been deleted once it was full.
    if (!bytes && tile.width < audit::tile_width) bytes = source(audit::path_of({tile.level, tile.index, audit::tile_width}));
    if (!bytes || bytes->size() < tile.width * audit::hash_bytes) throw BadTile{path};
    return bytes->substr(0, tile.width * audit::hash_bytes);
  };
  audit::TiledSubtrees subtrees(newer.size, read);
  return audit::prove_consistency(older.size, newer.size, [&](unsigned level, std::uint64_t index) { return subtrees(level, index); });
}

// "old SIZE" and a line a hash, as a log sends it to its witnesses.
audit::Proof sent(const Wish& wish, const audit::Checkpoint& older) {
  auto text = read_file(wish.proof);
  while (text.ends_with('\n')) text.pop_back();
  const auto request = audit::parse_add_checkpoint(text + "\n\n");
  if (!request) throw std::invalid_argument(fmt::format("{}: {}", wish.proof, request.error()));
  if (request->old_size != older.size) throw std::invalid_argument(fmt::format("{}: it is of the size {}, not {}", wish.proof, request->old_size, older.size));
  return request->proof;
}

}  // namespace

bool verify_consistency(const Wish& wish, std::ostream& out) {
  if (wish.proof.empty() && wish.source.empty()) throw std::invalid_argument("--proof or --log is required: from where the proof comes.");
  const auto policy = policy_of(wish);
  const auto older = policy.open(read_file(wish.place));
  if (!older) return refused(out, {wish.place, older.error()});
  const auto newer = policy.open(read_file(wish.other));
  if (!newer) return refused(out, {wish.other, newer.error()});
  const auto& [from, to] = std::pair(older->checkpoint, newer->checkpoint);
  if (from.origin != to.origin) return refused(out, {wish.other, "the checkpoints are of two logs"});
  if (from.size > to.size) return refused(out, {wish.other, fmt::format("the log was rolled back from {} entries to {}", from.size, to.size)});
  if (from.size == to.size && from.root != to.root) return refused(out, {wish.other, fmt::format("the log was forked: two trees of {} entries", to.size)});
  audit::Proof proof;
  try {
    if (from.size != to.size) proof = wish.proof.empty() ? computed(from, to, open_source(wish.source)) : sent(wish, from);
  } catch (const BadTile& bad) {
    return refused(out, {bad.path, "the tile is missing, or too short"});
  }
  if (!audit::is_consistent(from.size, from.root, to.size, to.root, proof)) {
    return refused(out, {wish.other, fmt::format("the log of {} entries does not continue that of {}", to.size, from.size)});
  }
  say_checkpoint(out, *newer, policy);
  out << fmt::format("verified: {} entries, and {} since\n", from.size, to.size - from.size);
  return true;
}

}  // namespace tamroi::verify
