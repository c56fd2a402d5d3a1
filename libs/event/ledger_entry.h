#pragma once

#include <array>
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

#include "base/sha256.h"
#include "event/record.h"

namespace tamroi::event {

// The 112-byte, big-endian leaf of record.md: what the ledger says of one record.
struct Leaf {
  static constexpr std::size_t size_bytes = 112;
  std::uint8_t kind = 0;  // Kind, or 0 for an undecodable record
  Stream stream;
  Offset offset = 0;
  base::Instant recorded_at;
  base::Uuid id;
  std::uint32_t record_length = 0;
  base::Digest record_sha256{};
  std::uint32_t outcome_length = 0;
  base::Digest outcome_sha256{};
  std::uint32_t fold_version = 0;
  bool operator==(const Leaf&) const = default;
};

[[nodiscard]] std::string encode(const Leaf& leaf);
[[nodiscard]] std::expected<Leaf, std::string> decode_leaf(std::string_view bytes);

// A ledger entry: the leaf followed by the outcome's bytes. Decoding checks length and hash of the outcome.
struct LedgerEntry {
  Leaf leaf;
  std::string outcome;
};

[[nodiscard]] std::string encode(const LedgerEntry& entry);
[[nodiscard]] std::expected<LedgerEntry, std::string> decode_ledger_entry(std::string_view bytes);

}  // namespace tamroi::event
