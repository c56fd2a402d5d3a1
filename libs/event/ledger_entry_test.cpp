#include "event/ledger_entry.h"

#include <catch2/catch_test_macros.hpp>
#include <stdexcept>

namespace tamroi::event {
namespace {

Leaf sample() {
  Leaf leaf{.kind = 1,
            .stream = {0x0102},
            .offset = 0x0304050607080900,
            .recorded_at = {0x0A0B0C0D0E0F1011},
            .id = {},
            .record_length = 0x12131415,
            .record_sha256 = {},
            .outcome_length = 0x16171819,
            .outcome_sha256 = {},
            .fold_version = 0x1A1B1C1D};
  leaf.id.bytes.fill(0xAA);
  leaf.record_sha256.fill(0xBB);
  leaf.outcome_sha256.fill(0xCC);
  return leaf;
}

std::string repeated(const char* two_digits, int count) {
  std::string text;
  for (int i = 0; i < count; ++i) text += two_digits;
  return text;
}

LedgerEntry entry_of(std::string outcome) {
  LedgerEntry entry{sample(), std::move(outcome)};
  entry.leaf.outcome_length = static_cast<std::uint32_t>(entry.outcome.size());
  entry.leaf.outcome_sha256 = base::sha256(entry.outcome);
  return entry;
}

}  // namespace

TEST_CASE("a leaf is the 112 bytes of the published table") {
  REQUIRE(base::to_hex(encode(sample())) == "01" "01" "0102" "0304050607080900" "0a0b0c0d0e0f1011" +
                                                repeated("aa", 16) + "12131415" + repeated("bb", 32) + "16171819" +
                                                repeated("cc", 32) + "1a1b1c1d");
  REQUIRE(encode(sample()).size() == Leaf::size_bytes);
}

TEST_CASE("a leaf comes back as it was") {
  REQUIRE(decode_leaf(encode(sample())) == sample());
  Leaf before_1970 = sample();
  before_1970.recorded_at.micros = -1;
  REQUIRE(decode_leaf(encode(before_1970)) == before_1970);
}

TEST_CASE("a leaf of another length, format or kind is refused") {
  const std::string bytes = encode(sample());
  REQUIRE_FALSE(decode_leaf(bytes.substr(1)));
  REQUIRE_FALSE(decode_leaf(bytes + '\0'));
  REQUIRE_FALSE(decode_leaf(""));
  REQUIRE_FALSE(decode_leaf('\2' + bytes.substr(1)));
  REQUIRE_FALSE(decode_leaf(std::string("\1\5") + bytes.substr(2)));
}

TEST_CASE("a ledger entry is the leaf followed by the outcome") {
  const LedgerEntry entry = entry_of("concluded");
  const std::string bytes = encode(entry);
  REQUIRE(bytes == encode(entry.leaf) + "concluded");
  const auto decoded = decode_ledger_entry(bytes);
  REQUIRE(decoded);
  REQUIRE(decoded->leaf == entry.leaf);
  REQUIRE(decoded->outcome == entry.outcome);
}

TEST_CASE("a ledger entry whose outcome is not its leaf's is refused") {
  std::string bytes = encode(entry_of("concluded"));
  REQUIRE_FALSE(decode_ledger_entry(bytes + "x"));
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    REQUIRE_FALSE(decode_ledger_entry(std::string_view(bytes).substr(0, size)));
  }
  bytes.back() ^= 1;
  REQUIRE(decode_ledger_entry(bytes).error() == "The outcome's hash is not its leaf's.");
}

TEST_CASE("a ledger entry is not written with another outcome's length") {
  REQUIRE_THROWS_AS(encode(LedgerEntry{sample(), "concluded"}), std::logic_error);
}

}  // namespace tamroi::event
