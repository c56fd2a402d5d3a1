#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>

#include "base/sha256.h"
#include "base/time.h"

// Ed25519 keys of signed notes (c2sp.org/signed-note), and of witnesses that cosign them (c2sp.org/tlog-cosignature).
namespace tamroi::audit {

enum class KeyType : std::uint8_t { Ed25519 = 1, Cosignature = 4 };

// One line at the end of a note. `blob` is what follows the key's id.
struct Signature {
  std::string name;
  std::uint32_t key_id = 0;
  std::string blob;
  bool operator==(const Signature&) const = default;
};

// Whether a key may have this name: not empty, valid UTF-8 without white space, "+" or control characters.
[[nodiscard]] bool is_key_name(std::string_view name);

// A public key.
class Verifier {
 public:
  // "NAME+ID+KEY" as shown by to_string(). The error is a sentence.
  [[nodiscard]] static std::expected<Verifier, std::string> parse(std::string_view text);
  [[nodiscard]] std::string to_string() const;

  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] KeyType type() const { return type_; }
  [[nodiscard]] std::uint32_t key_id() const { return key_id_; }
  // Whether the line claims to be of this key.
  [[nodiscard]] bool is_named_by(const Signature& signature) const { return signature.key_id == key_id_ && signature.name == name_; }
  // Whether it is, and is good for the text of the note.
  [[nodiscard]] bool verifies(std::string_view text, const Signature& signature) const;

 private:
  friend class Signer;
  Verifier(std::string name, KeyType type, const base::Digest& key);
  std::string name_;
  KeyType type_ = KeyType::Ed25519;
  std::uint32_t key_id_ = 0;
  base::Digest key_{};
};

// A secret key. Never shown but by to_string().
class Signer {
 public:
  using Seed = base::Digest;
  // Of RFC 8032: 32 random bytes. None where the name is none.
  [[nodiscard]] static std::optional<Signer> of(std::string name, KeyType type, const Seed& seed);
  // "PRIVATE+KEY+NAME+ID+SEED" as shown by to_string(). The error is a sentence that tells nothing of the key.
  [[nodiscard]] static std::expected<Signer, std::string> parse(std::string_view text);
  [[nodiscard]] std::string to_string() const;

  [[nodiscard]] const Verifier& verifier() const { return verifier_; }
  // Signs a note's text with a key of the type Ed25519.
  [[nodiscard]] Signature sign(std::string_view text) const;
  // Cosigns a checkpoint's text with a key of the type Cosignature, at a time of whole seconds.
  [[nodiscard]] Signature cosign(std::string_view text, base::Instant at) const;

 private:
  Signer(Verifier verifier, const Seed& seed) : verifier_(std::move(verifier)), seed_(seed) {}
  Verifier verifier_;
  Seed seed_{};
};

// When it was made; none where its blob is no cosignature's.
[[nodiscard]] std::optional<base::Instant> cosigned_at(const Signature& signature);

}  // namespace tamroi::audit
