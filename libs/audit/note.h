#pragma once

#include <expected>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "audit/keys.h"

// Signed notes (c2sp.org/signed-note).
namespace tamroi::audit {

struct Note {
  std::string text;  // ends with a line end
  std::vector<Signature> signatures;
  bool operator==(const Note&) const = default;
};

inline constexpr std::size_t note_bytes_max = 1U << 20U;
inline constexpr std::size_t note_signatures_max = 100;

// The error is a sentence.
[[nodiscard]] std::expected<Note, std::string> parse_note(std::string_view bytes);
[[nodiscard]] std::string to_string(const Note& note);
[[nodiscard]] std::string to_string(const Signature& signature);  // one line, without its end
[[nodiscard]] std::expected<Signature, std::string> parse_signature(std::string_view line);

// Which of the keys signed the note: their places, each once, in the order of the keys. Signatures of unknown keys are
// passed over; one of a known key that is not good makes the whole note bad.
[[nodiscard]] std::expected<std::vector<std::size_t>, std::string> signed_by(const Note& note, std::span<const Verifier> keys);

}  // namespace tamroi::audit
