#pragma once

#include <optional>
#include <string>
#include <vector>

#include "audit/made_pack.h"
#include "support/chance.h"

namespace tamroi::audit_tests {

// A pack that was damaged, with what the auditor kept of the log.
struct Damaged {
  audit::PackFilesInMemory files;
  std::vector<audit::Checkpoint> since;
  std::string how;
};

// Damages packs of one ledger, one way at a time, as chance will: bits, files, records, tiles and entries flipped, dropped,
// swapped, repeated and cut; checkpoints altered or signed by another key; logs rolled back and forked. Half of the time
// the manifest is made right again.
class Damager {
 public:
  Damager(const Ledger& ledger, const audit::PackFilesInMemory& pack) : ledger_(ledger), pack_(pack) {}
  // Nothing where the damage left everything as it was, or touched only what a pack does not prove.
  [[nodiscard]] std::optional<Damaged> damaged(support::Chance& chance) const;

 private:
  const Ledger& ledger_;
  const audit::PackFilesInMemory& pack_;
};

}  // namespace tamroi::audit_tests
