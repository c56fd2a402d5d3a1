#include "event/ledger_entry.h"

#include <fmt/format.h>

#include <cstring>

#include "base/check.h"

namespace tamroi::event {
namespace {

constexpr std::uint8_t leaf_format = 1;

template <typename Unsigned>
void put(std::string& bytes, Unsigned value) {
  for (int shift = static_cast<int>(sizeof(Unsigned)) * 8 - 8; shift >= 0; shift -= 8) {
    bytes += static_cast<char>((value >> shift) & 0xFF);
  }
}

void put_digest(std::string& bytes, const base::Digest& digest) {
  bytes.append(reinterpret_cast<const char*>(digest.data()), digest.size());
}

// Takes fields from the front; the caller has checked the whole length.
class Fields {
 public:
  explicit Fields(std::string_view bytes) : rest_(bytes) {}

  template <typename Unsigned>
  Unsigned number() {
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < sizeof(Unsigned); ++i) value = (value << 8) | static_cast<std::uint8_t>(rest_[i]);
    rest_.remove_prefix(sizeof(Unsigned));
    return static_cast<Unsigned>(value);
  }

  template <std::size_t size>
  std::array<std::uint8_t, size> bytes() {
    std::array<std::uint8_t, size> value;
    std::memcpy(value.data(), rest_.data(), size);
    rest_.remove_prefix(size);
    return value;
  }

 private:
  std::string_view rest_;
};

}  // namespace

std::string encode(const Leaf& leaf) {
  std::string bytes;
  bytes.reserve(Leaf::size_bytes);
  put(bytes, leaf_format);
  put(bytes, leaf.kind);
  put(bytes, leaf.stream.code);
  put(bytes, leaf.offset);
  put(bytes, static_cast<std::uint64_t>(leaf.recorded_at.micros));
  bytes += leaf.id.raw();
  put(bytes, leaf.record_length);
  put_digest(bytes, leaf.record_sha256);
  put(bytes, leaf.outcome_length);
  put_digest(bytes, leaf.outcome_sha256);
  put(bytes, leaf.fold_version);
  CHECK(bytes.size() == Leaf::size_bytes);
  return bytes;
}

std::expected<Leaf, std::string> decode_leaf(std::string_view bytes) {
  if (bytes.size() != Leaf::size_bytes) {
    return std::unexpected(fmt::format("The leaf has {} bytes, not {}.", bytes.size(), Leaf::size_bytes));
  }
  Fields fields(bytes);
  if (const auto format = fields.number<std::uint8_t>(); format != leaf_format) {
    return std::unexpected(fmt::format("The leaf's format is {}, not {}.", format, leaf_format));
  }
  Leaf leaf;
  leaf.kind = fields.number<std::uint8_t>();
  if (leaf.kind > static_cast<std::uint8_t>(Kind::Review)) {
    return std::unexpected(fmt::format("The leaf's kind {} is unknown.", leaf.kind));
  }
  leaf.stream.code = fields.number<std::uint16_t>();
  leaf.offset = fields.number<std::uint64_t>();
  leaf.recorded_at.micros = static_cast<std::int64_t>(fields.number<std::uint64_t>());
  leaf.id.bytes = fields.bytes<16>();
  leaf.record_length = fields.number<std::uint32_t>();
  leaf.record_sha256 = fields.bytes<32>();
  leaf.outcome_length = fields.number<std::uint32_t>();
  leaf.outcome_sha256 = fields.bytes<32>();
  leaf.fold_version = fields.number<std::uint32_t>();
  return leaf;
}

std::string encode(const LedgerEntry& entry) {
  CHECK(entry.leaf.outcome_length == entry.outcome.size());
  return encode(entry.leaf) + entry.outcome;
}

std::expected<LedgerEntry, std::string> decode_ledger_entry(std::string_view bytes) {
  if (bytes.size() < Leaf::size_bytes) {
    return std::unexpected(fmt::format("The ledger entry has {} bytes, fewer than its leaf.", bytes.size()));
  }
  auto leaf = decode_leaf(bytes.substr(0, Leaf::size_bytes));
  if (!leaf) return std::unexpected(std::move(leaf.error()));
  const std::string_view outcome = bytes.substr(Leaf::size_bytes);
  if (outcome.size() != leaf->outcome_length) {
    return std::unexpected(
        fmt::format("The outcome has {} bytes, but its leaf says {}.", outcome.size(), leaf->outcome_length));
  }
  if (base::sha256(outcome) != leaf->outcome_sha256) {
    return std::unexpected("The outcome's hash is not its leaf's.");
  }
  return LedgerEntry{*leaf, std::string(outcome)};
}

}  // namespace tamroi::event
