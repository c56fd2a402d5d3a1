#include "audit/keys.h"

#include <charconv>
#include <cstring>
#include <memory>

#include <fmt/format.h>
#include <openssl/evp.h>

#include "base/base64.h"
#include "base/bytes.h"
#include "base/check.h"
#include "base/text.h"

namespace tamroi::audit {
namespace {

constexpr std::size_t signature_bytes = 64;
constexpr std::string_view secret = "PRIVATE+KEY+";

struct Freed {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
using Key = std::unique_ptr<EVP_PKEY, Freed>;
using Context = std::unique_ptr<EVP_MD_CTX, Freed>;

const std::uint8_t* octets(std::string_view text) { return reinterpret_cast<const std::uint8_t*>(text.data()); }

base::Digest public_key(const base::Digest& seed) {
  const Key key(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, seed.data(), seed.size()));
  base::Digest bytes;
  auto size = bytes.size();
  CHECK(key != nullptr && EVP_PKEY_get_raw_public_key(key.get(), bytes.data(), &size) == 1 && size == bytes.size());
  return bytes;
}

std::string ed25519(const base::Digest& seed, std::string_view message) {
  const Key key(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, seed.data(), seed.size()));
  const Context context(EVP_MD_CTX_new());
  std::string signature(signature_bytes, '\0');
  auto size = signature.size();
  CHECK(key != nullptr && EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key.get()) == 1);
  CHECK(EVP_DigestSign(context.get(), reinterpret_cast<std::uint8_t*>(signature.data()), &size, octets(message), message.size()) == 1);
  CHECK(size == signature.size());
  return signature;
}

bool is_ed25519(const base::Digest& key_bytes, std::string_view message, std::string_view signature) {
  const Key key(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, key_bytes.data(), key_bytes.size()));
  const Context context(EVP_MD_CTX_new());
  if (key == nullptr || EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, key.get()) != 1) return false;
  return EVP_DigestVerify(context.get(), octets(signature), signature.size(), octets(message), message.size()) == 1;
}

std::uint32_t key_id(std::string_view name, KeyType type, const base::Digest& key) {
  const auto digest = base::sha256(fmt::format("{}\n{}{}", name, static_cast<char>(type), base::raw(key)));
  return base::ByteReader(base::raw(digest).substr(0, 4)).u32();
}

struct Parts {
  std::string name;
  KeyType type = KeyType::Ed25519;
  std::uint32_t key_id = 0;
  base::Digest key{};
};

// NAME+ID+KEY, secret or not. A base64 text may hold a "+" of its own; a name and an id do not.
std::optional<Parts> parts_of(std::string_view text) {
  const auto first = text.find('+');
  const auto second = first == text.npos ? first : text.find('+', first + 1);
  if (second == text.npos || second - first != 9) return std::nullopt;
  Parts parts;
  parts.name = text.substr(0, first);
  const auto id = text.substr(first + 1, 8);
  const auto bytes = base::from_base64(text.substr(second + 1));
  const auto [end, error] = std::from_chars(id.data(), id.data() + id.size(), parts.key_id, 16);
  if (error != std::errc() || end != id.data() + id.size() || fmt::format("{:08x}", parts.key_id) != id) return std::nullopt;
  if (!is_key_name(parts.name) || !bytes || bytes->size() != 1 + parts.key.size()) return std::nullopt;
  if (bytes->front() != 1 && bytes->front() != 4) return std::nullopt;
  parts.type = static_cast<KeyType>(bytes->front());
  std::memcpy(parts.key.data(), bytes->data() + 1, parts.key.size());
  return parts;
}

std::string shown(std::string_view name, std::uint32_t id, KeyType type, const base::Digest& key) {
  return fmt::format("{}+{:08x}+{}", name, id, base::to_base64(fmt::format("{}{}", static_cast<char>(type), base::raw(key))));
}

// What a witness signs.
std::string cosigned_message(std::string_view text, std::uint64_t seconds) {
  return fmt::format("cosignature/v1\ntime {}\n{}", seconds, text);
}

}  // namespace

bool is_key_name(std::string_view name) {
  if (name.empty()) return false;
  while (!name.empty()) {
    const auto size = base::utf8_sequence(name);
    if (size == 0) return false;
    const auto sequence = name.substr(0, size);
    if (base::is_blank(sequence) || sequence == "+" || static_cast<std::uint8_t>(sequence[0]) < 0x20) return false;
    name.remove_prefix(size);
  }
  return true;
}

Verifier::Verifier(std::string name, KeyType type, const base::Digest& key)
    : name_(std::move(name)), type_(type), key_id_(audit::key_id(name_, type, key)), key_(key) {}

std::expected<Verifier, std::string> Verifier::parse(std::string_view text) {
  auto parts = parts_of(text);
  if (!parts) return std::unexpected("is no public key of the form NAME+ID+KEY (Ed25519)");
  Verifier verifier(std::move(parts->name), parts->type, parts->key);
  if (verifier.key_id_ != parts->key_id) return std::unexpected("the key's id does not belong to its name and bytes");
  return verifier;
}

std::string Verifier::to_string() const { return shown(name_, key_id_, type_, key_); }

bool Verifier::verifies(std::string_view text, const Signature& signature) const {
  if (!is_named_by(signature)) return false;
  if (type_ == KeyType::Ed25519) return signature.blob.size() == signature_bytes && is_ed25519(key_, text, signature.blob);
  if (signature.blob.size() != 8 + signature_bytes) return false;
  const auto seconds = base::ByteReader(std::string_view(signature.blob).substr(0, 8)).u64();
  return is_ed25519(key_, cosigned_message(text, seconds), std::string_view(signature.blob).substr(8));
}

std::optional<Signer> Signer::of(std::string name, KeyType type, const Seed& seed) {
  if (!is_key_name(name)) return std::nullopt;
  return Signer(Verifier(std::move(name), type, public_key(seed)), seed);
}

std::expected<Signer, std::string> Signer::parse(std::string_view text) {
  auto parts = text.starts_with(secret) ? parts_of(text.substr(secret.size())) : std::nullopt;
  if (!parts) return std::unexpected("is no secret key of the form PRIVATE+KEY+NAME+ID+SEED (Ed25519)");
  Signer signer(Verifier(std::move(parts->name), parts->type, public_key(parts->key)), parts->key);
  if (signer.verifier_.key_id() != parts->key_id) return std::unexpected("the key's id does not belong to its name and bytes");
  return signer;
}

std::string Signer::to_string() const {
  return fmt::format("{}{}", secret, shown(verifier_.name(), verifier_.key_id(), verifier_.type(), seed_));
}

Signature Signer::sign(std::string_view text) const {
  CHECK(verifier_.type() == KeyType::Ed25519);
  return {verifier_.name(), verifier_.key_id(), ed25519(seed_, text)};
}

Signature Signer::cosign(std::string_view text, base::Instant at) const {
  CHECK(verifier_.type() == KeyType::Cosignature && at.micros >= 0);
  const auto seconds = static_cast<std::uint64_t>(at.micros / 1'000'000);
  base::ByteWriter blob;
  blob.u64(seconds).raw(ed25519(seed_, cosigned_message(text, seconds)));
  return {verifier_.name(), verifier_.key_id(), blob.take()};
}

std::optional<base::Instant> cosigned_at(const Signature& signature) {
  if (signature.blob.size() != 8 + signature_bytes) return std::nullopt;
  const auto seconds = base::ByteReader(std::string_view(signature.blob).substr(0, 8)).u64();
  // Until the year 9999, the last that is shown.
  if (seconds > 253'402'300'799) return std::nullopt;
  return base::Instant{static_cast<std::int64_t>(seconds) * 1'000'000};
}

}  // namespace tamroi::audit
