#pragma once

#include <expected>
#include <string>
#include <string_view>

#include "audit/note.h"
#include "audit/tree.h"

// What a log says of itself at a size (c2sp.org/tlog-checkpoint).
namespace tamroi::audit {

struct Checkpoint {
  std::string origin;
  Size size = 0;
  Hash root{};
  bool operator==(const Checkpoint&) const = default;
};

// The text that is signed.
[[nodiscard]] std::string to_text(const Checkpoint& checkpoint);
// Lines behind the third are extensions, which are passed over. The error is a sentence.
[[nodiscard]] std::expected<Checkpoint, std::string> parse_checkpoint(std::string_view text);

struct SignedCheckpoint {
  Checkpoint checkpoint;
  Note note;
};
// A checkpoint of the log whose key this is: its origin is the key's name, and the key signed it.
[[nodiscard]] std::expected<SignedCheckpoint, std::string> open_checkpoint(std::string_view bytes, const Verifier& log);

[[nodiscard]] std::string to_base64(const Hash& hash);
[[nodiscard]] std::expected<Hash, std::string> parse_hash(std::string_view base64);
// A whole number without sign and superfluous zeros, below 2^63.
[[nodiscard]] std::expected<std::uint64_t, std::string> parse_decimal(std::string_view text);

}  // namespace tamroi::audit
