#pragma once

#include <expected>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "audit/checkpoint.h"
#include "audit/proofs.h"

// What passes between a log and its witnesses (c2sp.org/tlog-witness).
namespace tamroi::audit {

// The body of POST add-checkpoint.
struct AddCheckpoint {
  Size old_size = 0;
  Proof proof;
  std::string checkpoint;  // a signed note
  bool operator==(const AddCheckpoint&) const = default;
};
inline constexpr std::size_t consistency_hashes_max = 63;

[[nodiscard]] std::string to_string(const AddCheckpoint& request);
// The error is a sentence.
[[nodiscard]] std::expected<AddCheckpoint, std::string> parse_add_checkpoint(std::string_view body);
// The body of its answer: a line a cosignature. The error is a sentence.
[[nodiscard]] std::expected<std::vector<Signature>, std::string> parse_cosignatures(std::string_view body);

// The last that a witness saw of a log.
struct Seen {
  Size size = 0;
  Hash root = empty_root();
  bool operator==(const Seen&) const = default;
};
struct NotWitnessed {
  enum class Why {
    Malformed,    // 400
    UnknownLog,   // 404
    BadSignature, // 403
    Stale,        // 409: the size that was last seen is another
    Fork,         // 409: another tree of that size
    BadProof      // 422
  };
  Why why = Why::Malformed;
  std::string text;  // a sentence
};
// What is sent, where it is signed by one of these logs.
[[nodiscard]] std::expected<SignedCheckpoint, NotWitnessed> open_for_witness(const AddCheckpoint& request, std::span<const Verifier> logs);
// Why a witness that last saw this of the log must not cosign the checkpoint; none: it may, once it remembers it.
[[nodiscard]] std::optional<NotWitnessed> objection(const AddCheckpoint& request, const Checkpoint& checkpoint, const Seen& seen);

}  // namespace tamroi::audit
