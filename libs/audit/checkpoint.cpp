#include "audit/checkpoint.h"

#include <algorithm>
#include <charconv>
#include <cstring>

#include <fmt/format.h>

#include "base/base64.h"

namespace tamroi::audit {

std::string to_base64(const Hash& hash) { return base::to_base64(base::raw(hash)); }

std::expected<Hash, std::string> parse_hash(std::string_view text) {
  const auto bytes = base::from_base64(text);
  Hash hash;
  if (!bytes || bytes->size() != hash.size()) return std::unexpected("a hash is not 32 bytes in base64");
  std::memcpy(hash.data(), bytes->data(), hash.size());
  return hash;
}

std::expected<std::uint64_t, std::string> parse_decimal(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool sound = error == std::errc() && end == text.data() + text.size() && (text == "0" || !text.starts_with('0'));
  if (!sound || value >> 63U != 0) return std::unexpected("a number is not a decimal below 2^63");
  return value;
}

std::string to_text(const Checkpoint& checkpoint) {
  return fmt::format("{}\n{}\n{}\n", checkpoint.origin, checkpoint.size, to_base64(checkpoint.root));
}

std::expected<Checkpoint, std::string> parse_checkpoint(std::string_view text) {
  Checkpoint checkpoint;
  const auto line = [&]() -> std::string_view {
    const auto end = std::min(text.find('\n'), text.size());
    const auto found = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    return found;
  };
  if (!text.ends_with('\n')) return std::unexpected("the checkpoint has no line end");
  checkpoint.origin = line();
  if (!is_key_name(checkpoint.origin)) return std::unexpected("the checkpoint's origin is no name");
  const auto size = parse_decimal(line());
  if (!size) return std::unexpected("the checkpoint's size is not a decimal below 2^63");
  const auto root = parse_hash(line());
  if (!root) return std::unexpected("the checkpoint's root is not 32 bytes in base64");
  // Between what is known and an extension, and within the extensions, there is no blank line.
  if (text.starts_with('\n') || text.find("\n\n") != text.npos) return std::unexpected("the checkpoint has a blank line");
  checkpoint.size = *size;
  checkpoint.root = *root;
  if (checkpoint.size == 0 && checkpoint.root != empty_root()) return std::unexpected("the checkpoint of an empty log has another root than that");
  return checkpoint;
}

std::expected<SignedCheckpoint, std::string> open_checkpoint(std::string_view bytes, const Verifier& log) {
  auto note = parse_note(bytes);
  if (!note) return std::unexpected(std::move(note.error()));
  auto checkpoint = parse_checkpoint(note->text);
  if (!checkpoint) return std::unexpected(std::move(checkpoint.error()));
  if (checkpoint->origin != log.name()) return std::unexpected(fmt::format("the checkpoint is of {}, not of {}", checkpoint->origin, log.name()));
  const auto signers = signed_by(*note, {&log, 1});
  if (!signers) return std::unexpected(signers.error());
  if (signers->empty()) return std::unexpected(fmt::format("the checkpoint is not signed by {}", log.name()));
  const auto own = std::ranges::count_if(note->signatures, [&](const auto& signature) { return log.is_named_by(signature); });
  if (own != 1) return std::unexpected(fmt::format("the checkpoint has {} signatures of {}, not one", own, log.name()));
  return SignedCheckpoint{std::move(*checkpoint), std::move(*note)};
}

}  // namespace tamroi::audit
