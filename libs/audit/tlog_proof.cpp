#include "audit/tlog_proof.h"

#include <algorithm>

#include <fmt/format.h>

#include "audit/text_lines.h"
#include "base/base64.h"

namespace tamroi::audit {
namespace {

constexpr std::string_view first_line = "c2sp.org/tlog-proof@v1";
// A path is no longer than a tree is high.
constexpr std::size_t path_hashes_max = 63;

}  // namespace

std::string to_string(const TlogProof& proof) {
  auto text = fmt::format("{}\n", first_line);
  if (proof.extra) text += fmt::format("extra {}\n", base::to_base64(*proof.extra));
  text += fmt::format("index {}\n", proof.index);
  for (const auto& hash : proof.path) text += to_base64(hash) + "\n";
  return text + "\n" + proof.checkpoint;
}

std::expected<TlogProof, std::string> parse_tlog_proof(std::string_view bytes) {
  const auto split = split_head(bytes);
  if (!split) return std::unexpected("the proof has no checkpoint");
  auto head = split->head;
  TlogProof proof;
  proof.checkpoint = split->note;
  if (take_line(head) != first_line) return std::unexpected(fmt::format("the proof does not begin with {}", first_line));
  if (head.starts_with("extra ")) {
    proof.extra = base::from_base64(take_line(head).substr(6));
    if (!proof.extra) return std::unexpected("the proof's extra bytes are not base64");
  }
  if (!head.starts_with("index ")) return std::unexpected("the proof has no index");
  const auto index = parse_decimal(take_line(head).substr(6));
  if (!index) return std::unexpected(index.error());
  proof.index = *index;
  while (!head.empty()) {
    const auto hash = parse_hash(take_line(head));
    if (!hash) return std::unexpected(hash.error());
    if (proof.path.size() == path_hashes_max) return std::unexpected("the proof's path is too long");
    proof.path.push_back(*hash);
  }
  return proof;
}

std::expected<SignedCheckpoint, std::string> verify(const TlogProof& proof, std::string_view entry, const Policy& policy) {
  auto opened = policy.open(proof.checkpoint);
  if (!opened) return opened;
  const auto& checkpoint = opened->checkpoint;
  if (!is_included(leaf_hash(entry), proof.index, checkpoint.size, proof.path, checkpoint.root)) {
    return std::unexpected(fmt::format("the path does not lead from entry {} to the root of the checkpoint", proof.index));
  }
  return opened;
}

}  // namespace tamroi::audit
