#include "audit/receipt.h"

#include <random>

#include <catch2/catch_test_macros.hpp>
#include <fmt/format.h>

#include "audit/known_log.h"
#include "event/outcome.h"

using namespace tamroi;
using namespace tamroi::audit;

namespace {

const Signer& log_key() {
  static const auto key = Signer::of("log.example.go.th/1", KeyType::Ed25519, Signer::Seed{7}).value();
  return key;
}

Policy policy() { return Policy::parse(fmt::format("log {}\nquorum none\n", log_key().verifier().to_string())).value(); }

// Of the middle one of three records.
Receipt sample(std::uint8_t kind = 1) {
  event::Record record{event::Kind::Submission, {}, {1'000'000}, {"a", "district_officer", "2401"}, R"({"id": "\"ก\""})", 0, 0};
  record.id.bytes.fill(3);
  event::Outcome outcome;
  outcome.position = {{24}, 17};
  outcome.recorded_at = {1'000'001};
  outcome.fold_version = 1;
  Receipt receipt{event::encode(record), event::encode(outcome), {}, {}};
  event::Leaf leaf{kind, {24}, 17, outcome.recorded_at, record.id, 0, {}, 0, {}, 1};
  leaf.record_length = static_cast<std::uint32_t>(receipt.record.size());
  leaf.record_sha256 = base::sha256(receipt.record);
  leaf.outcome_length = static_cast<std::uint32_t>(receipt.outcome.size());
  leaf.outcome_sha256 = base::sha256(receipt.outcome);
  receipt.leaf = event::encode(leaf);
  TilesInMemory log;
  for (const auto& entry : {std::string("before"), receipt.leaf, std::string("after")}) log.append(leaf_hash(entry));
  const auto text = to_text({log_key().verifier().name(), 3, log.root()});
  receipt.tlog_proof = to_string(TlogProof{std::nullopt, 1, prove_inclusion(1, 3, log.subtrees(3)), to_string(Note{text, {log_key().sign(text)}})});
  return receipt;
}

}  // namespace

TEST_CASE("a receipt comes back as it was, and proves its record") {
  const auto receipt = sample();
  const auto bytes = to_string(receipt);
  CHECK(bytes.starts_with("{\"format\": 1,\n \"position\": {\"stream\": \"24\", \"offset\": 17},\n \"record\": \""));
  REQUIRE(parse_receipt(bytes) == receipt);
  const auto proven = verify(receipt, policy());
  REQUIRE(proven);
  CHECK(proven->index == 1);
  CHECK(proven->leaf.offset == 17);
  CHECK(proven->checkpoint.checkpoint.size == 3);
}

TEST_CASE("no bit of a receipt's file can be another, nor can it be cut") {
  const auto bytes = to_string(sample());
  for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    auto spoilt = bytes;
    spoilt[bit / 8] = static_cast<char>(spoilt[bit / 8] ^ (1 << bit % 8));
    const auto receipt = parse_receipt(spoilt);
    CAPTURE(bit);
    REQUIRE_FALSE((receipt && verify(*receipt, policy())));
  }
  for (std::size_t size = 0; size < bytes.size(); ++size) REQUIRE_FALSE(parse_receipt(std::string_view(bytes).substr(0, size)));
}

TEST_CASE("a receipt whose parts belong to others is refused with the reason") {
  auto receipt = sample();
  receipt.record += "x";
  CHECK(verify(receipt, policy()).error().starts_with("the record has "));
  receipt = sample();
  receipt.record.back() ^= 1;
  CHECK(verify(receipt, policy()).error() == "the record's hash is not its leaf's");
  receipt = sample();
  receipt.outcome.back() ^= 1;
  CHECK(verify(receipt, policy()).error() == "the outcome's hash is not its leaf's");
  CHECK(verify(sample(2), policy()).error() == "the record is of another kind than the leaf says");
  CHECK(verify(sample(0), policy()));
  const auto other = Signer::of("log.example.go.th/1", KeyType::Ed25519, Signer::Seed{8}).value();
  const auto others = Policy::parse(fmt::format("log {}\nquorum none\n", other.verifier().to_string())).value();
  CHECK(verify(sample(), others).error() == "the checkpoint is not signed by log.example.go.th/1");
}
