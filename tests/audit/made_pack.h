#pragma once

#include <string>
#include <vector>

#include "audit/keys.h"
#include "audit/pack_in_memory.h"
#include "event/ledger_entry.h"
#include "support/believable.h"
#include "verify/replay.h"

// Audit packs of a believable province, and what they are made of.
namespace tamroi::audit_tests {

// What a ledger holds of a record.
struct Entry {
  event::Leaf leaf;
  std::string record;
  std::string outcome;
};
// The leaf that belongs to record and outcome, as far as they can be read.
[[nodiscard]] Entry entry_of(event::Position position, std::string record, std::string outcome);

struct Ledger {
  std::vector<Entry> entries;
  [[nodiscard]] std::size_t index_of(event::Position position) const;
};
// Of the controls and the province 24, with another province's leaves and repeated entries between them.
[[nodiscard]] Ledger believable_ledger(std::uint64_t seed, const support::ProvinceSize& size = {.households = 12, .visits_a_month = 3, .plots = 8, .groups = 4, .facts_a_submission = 4});

inline constexpr auto origin = "log.example.go.th/1";
[[nodiscard]] const audit::Signer& log_key();
[[nodiscard]] const audit::Signer& another_key();  // of the same name
[[nodiscard]] audit::Policy log_policy();
[[nodiscard]] std::string signed_checkpoint(const audit::Checkpoint& checkpoint, const audit::Signer& key = log_key());

// The pack of 24 out of a ledger, signed; the results and catalogues are what its records come to.
[[nodiscard]] audit::PackFilesInMemory pack_of(const Ledger& ledger, const audit::Signer& key = log_key());
// The same, where it cannot be replayed: with results and catalogues of another pack.
[[nodiscard]] audit::PackFilesInMemory pack_of(const Ledger& ledger, const audit::PackFilesInMemory& others, const audit::Signer& key = log_key());

// The first difference that is found in a pack by all checks; "" where it is verified.
[[nodiscard]] std::string refusal(const audit::PackFilesInMemory& files, const std::vector<audit::Checkpoint>& since = {});

}  // namespace tamroi::audit_tests
