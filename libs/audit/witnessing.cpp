#include "audit/witnessing.h"

#include <algorithm>

#include <fmt/format.h>

#include "audit/text_lines.h"

namespace tamroi::audit {

std::string to_string(const AddCheckpoint& request) {
  auto text = fmt::format("old {}\n", request.old_size);
  for (const auto& hash : request.proof) text += to_base64(hash) + "\n";
  return text + "\n" + request.checkpoint;
}

std::expected<AddCheckpoint, std::string> parse_add_checkpoint(std::string_view body) {
  const auto split = split_head(body);
  if (!split) return std::unexpected("the request has no checkpoint");
  auto head = split->head;
  AddCheckpoint request;
  request.checkpoint = split->note;
  if (!head.starts_with("old ")) return std::unexpected("the request does not begin with the old size");
  const auto size = parse_decimal(take_line(head).substr(4));
  if (!size) return std::unexpected(size.error());
  request.old_size = *size;
  while (!head.empty()) {
    const auto hash = parse_hash(take_line(head));
    if (!hash) return std::unexpected(hash.error());
    if (request.proof.size() == consistency_hashes_max) return std::unexpected("the proof is too long");
    request.proof.push_back(*hash);
  }
  return request;
}

std::expected<std::vector<Signature>, std::string> parse_cosignatures(std::string_view body) {
  std::vector<Signature> signatures;
  if (body.size() > note_bytes_max || !body.ends_with('\n')) return std::unexpected("the answer is too long, or has no line end");
  while (!body.empty()) {
    auto signature = parse_signature(take_line(body));
    if (!signature) return std::unexpected(std::move(signature.error()));
    if (signatures.size() == note_signatures_max) return std::unexpected("the answer has too many signatures");
    signatures.push_back(std::move(*signature));
  }
  return signatures;
}

std::expected<SignedCheckpoint, NotWitnessed> open_for_witness(const AddCheckpoint& request, std::span<const Verifier> logs) {
  using enum NotWitnessed::Why;
  const auto note = parse_note(request.checkpoint);
  if (!note) return std::unexpected(NotWitnessed{Malformed, note.error()});
  const auto checkpoint = parse_checkpoint(note->text);
  if (!checkpoint) return std::unexpected(NotWitnessed{Malformed, checkpoint.error()});
  const auto log = std::ranges::find(logs, checkpoint->origin, &Verifier::name);
  if (log == logs.end()) return std::unexpected(NotWitnessed{UnknownLog, fmt::format("the log {} is not known here", checkpoint->origin)});
  auto opened = open_checkpoint(request.checkpoint, *log);
  if (!opened) return std::unexpected(NotWitnessed{BadSignature, opened.error()});
  if (request.old_size > checkpoint->size) return std::unexpected(NotWitnessed{Malformed, "the old size is above the checkpoint's"});
  return std::move(*opened);
}

std::optional<NotWitnessed> objection(const AddCheckpoint& request, const Checkpoint& checkpoint, const Seen& seen) {
  using enum NotWitnessed::Why;
  if (request.old_size != seen.size) return NotWitnessed{Stale, fmt::format("the size that was last seen is {}", seen.size)};
  if (checkpoint.size == seen.size && checkpoint.root != seen.root) {
    return NotWitnessed{Fork, fmt::format("another tree of size {} was seen", seen.size)};
  }
  if (!is_consistent(seen.size, seen.root, checkpoint.size, checkpoint.root, request.proof)) {
    return NotWitnessed{BadProof, "the proof does not lead from the tree that was last seen to this one"};
  }
  return std::nullopt;
}

}  // namespace tamroi::audit
