#include "audit/receipt.h"

#include <fmt/format.h>

#include "audit/json_text.h"
#include "base/base64.h"
#include "base/check.h"
#include "base/json.h"
#include "event/outcome.h"

namespace tamroi::audit {
namespace {

constexpr std::size_t receipt_bytes_max = std::size_t{64} << 20;

std::expected<std::string, std::string> decoded(base::JsonValue receipt, std::string_view member) {
  const auto value = receipt.member(member);
  auto bytes = value.is(base::JsonValue::Type::String) ? base::from_base64(value.text()) : std::nullopt;
  if (!bytes) return std::unexpected(fmt::format("the receipt's {} is not base64", member));
  return std::move(*bytes);
}

// What the leaf repeats of the record and of the outcome.
std::string contradiction(const event::Leaf& leaf, std::string_view record_bytes, std::string_view outcome_bytes) {
  const auto outcome = event::decode_outcome(outcome_bytes);
  if (!outcome) return fmt::format("the outcome cannot be read: {}", outcome.error());
  if (outcome->position != event::Position{leaf.stream, leaf.offset}) return "the outcome is of another position than the leaf";
  if (outcome->recorded_at != leaf.recorded_at) return "the outcome has another time than the leaf";
  if (outcome->fold_version != leaf.fold_version) return "the outcome has another fold version than the leaf";
  if (leaf.kind == 0) return {};  // of what cannot be decoded
  const auto record = event::decode_record(record_bytes);
  if (!record) return fmt::format("the record cannot be read: {}", record.error());
  if (static_cast<std::uint8_t>(record->kind) != leaf.kind) return "the record is of another kind than the leaf says";
  if (record->id != leaf.id) return "the record has another id than the leaf";
  return {};
}

}  // namespace

std::string to_string(const Receipt& receipt) {
  const auto leaf = event::decode_leaf(receipt.leaf);
  CHECK(leaf.has_value());
  const auto member = [](std::string_view name, std::string_view bytes) { return fmt::format(",\n \"{}\": \"{}\"", name, base::to_base64(bytes)); };
  return fmt::format("{{\"format\": 1,\n \"position\": {{\"stream\": \"{}\", \"offset\": {}}}", event::to_string(leaf->stream), leaf->offset) +
         member("record", receipt.record) + member("outcome", receipt.outcome) + member("leaf", receipt.leaf) +
         fmt::format(",\n \"tlog_proof\": {}}}\n", json_text(receipt.tlog_proof));
}

std::expected<Receipt, std::string> parse_receipt(std::string_view bytes) {
  if (bytes.size() > receipt_bytes_max) return std::unexpected("the receipt is too long");
  base::Json json;
  const auto document = json.parse(bytes);
  if (!document) return std::unexpected(fmt::format("the receipt is not JSON: {}", document.error()));
  auto record = decoded(*document, "record");
  if (!record) return std::unexpected(std::move(record.error()));
  auto outcome = decoded(*document, "outcome");
  if (!outcome) return std::unexpected(std::move(outcome.error()));
  auto leaf = decoded(*document, "leaf");
  if (!leaf) return std::unexpected(std::move(leaf.error()));
  const auto proof = document->member("tlog_proof");
  if (!proof.is(base::JsonValue::Type::String)) return std::unexpected("the receipt has no tlog_proof");
  Receipt receipt{std::move(*record), std::move(*outcome), std::move(*leaf), std::string(proof.text())};
  if (!event::decode_leaf(receipt.leaf)) return std::unexpected("the receipt's leaf is none");
  if (to_string(receipt) != bytes) return std::unexpected("the receipt is not written as receipts are, or says something else beside what it proves");
  return receipt;
}

std::string mismatch(const event::Leaf& leaf, std::string_view record, std::string_view outcome) {
  if (record.size() != leaf.record_length) return fmt::format("the record has {} bytes, its leaf says {}", record.size(), leaf.record_length);
  if (base::sha256(record) != leaf.record_sha256) return "the record's hash is not its leaf's";
  if (outcome.size() != leaf.outcome_length) return fmt::format("the outcome has {} bytes, its leaf says {}", outcome.size(), leaf.outcome_length);
  if (base::sha256(outcome) != leaf.outcome_sha256) return "the outcome's hash is not its leaf's";
  return {};
}

std::expected<Proven, std::string> verify(const Receipt& receipt, const Policy& policy) {
  const auto leaf = event::decode_leaf(receipt.leaf);
  if (!leaf) return std::unexpected(leaf.error());
  if (auto why = mismatch(*leaf, receipt.record, receipt.outcome); !why.empty()) return std::unexpected(std::move(why));
  if (auto why = contradiction(*leaf, receipt.record, receipt.outcome); !why.empty()) return std::unexpected(std::move(why));
  const auto proof = parse_tlog_proof(receipt.tlog_proof);
  if (!proof) return std::unexpected(proof.error());
  if (proof->extra || to_string(*proof) != receipt.tlog_proof) return std::unexpected("the proof is not written as proofs are, or has extra bytes");
  auto checkpoint = verify(*proof, receipt.leaf, policy);
  if (!checkpoint) return std::unexpected(std::move(checkpoint.error()));
  return Proven{*leaf, proof->index, std::move(*checkpoint)};
}

}  // namespace tamroi::audit
