#pragma once

#include <expected>
#include <string>
#include <string_view>

#include "audit/tlog_proof.h"
#include "event/ledger_entry.h"

// What whoever sent something keeps of it: the record as the journal holds it, what was concluded of it, and the proof that
// both are in the log. The file is described in schemas/audit/README.md.
namespace tamroi::audit {

struct Receipt {
  std::string record;      // bytes as in the journal
  std::string outcome;     // bytes as in the ledger
  std::string leaf;        // the log's entry, 112 bytes
  std::string tlog_proof;  // the text of a .tlog-proof file
  bool operator==(const Receipt&) const = default;
};

// The file. Where the leaf is none, CHECK fails.
[[nodiscard]] std::string to_string(const Receipt& receipt);
// Takes only what to_string() writes: nothing in a receipt is passed over. The error is a sentence.
[[nodiscard]] std::expected<Receipt, std::string> parse_receipt(std::string_view bytes);

// What a receipt proves.
struct Proven {
  event::Leaf leaf;
  std::uint64_t index = 0;  // of the log's entry
  SignedCheckpoint checkpoint;
};
// That record and outcome are those of the leaf, and the leaf is in a log that is good under the policy. The error is a sentence.
[[nodiscard]] std::expected<Proven, std::string> verify(const Receipt& receipt, const Policy& policy);

// Why a record or an outcome is not the one that the leaf was written for; empty: both are. By lengths and hashes alone.
[[nodiscard]] std::string mismatch(const event::Leaf& leaf, std::string_view record, std::string_view outcome);

}  // namespace tamroi::audit
