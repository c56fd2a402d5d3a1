#include "audit/note.h"

#include <algorithm>

#include <fmt/format.h>

#include "audit/text_lines.h"
#include "base/base64.h"
#include "base/bytes.h"
#include "base/text.h"

namespace tamroi::audit {
namespace {

constexpr std::string_view dash = "\xE2\x80\x94 ";

// Valid UTF-8 without control characters but for line ends.
bool is_plain(std::string_view text) {
  while (!text.empty()) {
    const auto size = base::utf8_sequence(text);
    if (size == 0 || (static_cast<std::uint8_t>(text[0]) < 0x20 && text[0] != '\n')) return false;
    text.remove_prefix(size);
  }
  return true;
}

}  // namespace

std::expected<Signature, std::string> parse_signature(std::string_view line) {
  if (!line.starts_with(dash)) return std::unexpected("a signature's line does not begin with a dash and a space");
  line.remove_prefix(dash.size());
  const auto space = line.find(' ');
  if (space == line.npos || !is_key_name(line.substr(0, space))) return std::unexpected("a signature's line has no name");
  const auto blob = base::from_base64(line.substr(space + 1));
  if (!blob || blob->size() < 5) return std::unexpected("a signature is not base64, or too short");
  return Signature{std::string(line.substr(0, space)), base::ByteReader(std::string_view(*blob).substr(0, 4)).u32(), blob->substr(4)};
}

std::string to_string(const Signature& signature) {
  base::ByteWriter blob;
  blob.u32(signature.key_id).raw(signature.blob);
  return fmt::format("{}{} {}", dash, signature.name, base::to_base64(blob.bytes()));
}

std::expected<Note, std::string> parse_note(std::string_view bytes) {
  if (bytes.size() > note_bytes_max) return std::unexpected("the note is too long");
  if (!is_plain(bytes)) return std::unexpected("the note is not plain UTF-8 text");
  const auto blank = bytes.rfind("\n\n");
  if (blank == bytes.npos || !bytes.ends_with('\n')) return std::unexpected("the note has no signatures, or no line end");
  Note note{std::string(bytes.substr(0, blank + 1)), {}};
  auto rest = bytes.substr(blank + 2);
  while (!rest.empty()) {
    auto signature = parse_signature(take_line(rest));
    if (!signature) return std::unexpected(std::move(signature.error()));
    if (note.signatures.size() == note_signatures_max) return std::unexpected("the note has too many signatures");
    note.signatures.push_back(std::move(*signature));
  }
  if (note.signatures.empty()) return std::unexpected("the note has no signatures");
  return note;
}

std::string to_string(const Note& note) {
  auto bytes = note.text + "\n";
  for (const auto& signature : note.signatures) bytes += to_string(signature) + "\n";
  return bytes;
}

std::expected<std::vector<std::size_t>, std::string> signed_by(const Note& note, std::span<const Verifier> keys) {
  std::vector<std::size_t> signers;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    bool good = false;
    for (const auto& signature : note.signatures) {
      if (!keys[i].is_named_by(signature)) continue;
      if (!keys[i].verifies(note.text, signature)) return std::unexpected(fmt::format("the signature of {} is not good", keys[i].name()));
      good = true;
    }
    if (good) signers.push_back(i);
  }
  return signers;
}

}  // namespace tamroi::audit
