#pragma once

#include <functional>
#include <string>

#include "audit/proofs.h"
#include "journal/journal.h"
#include "readmodel/read_model.h"

namespace tamroi::projection {

// The tree over the ledger as far as the read model has seen it: what any earlier size of it was, too.
//
// Threads: any.
// Errors:  throws what the journal and the read model throw. Sizes beyond size() are the caller's mistake.
class LogTree {
 public:
  // The references must outlive it.
  LogTree(journal::Journal& journal, readmodel::ReadModel& model) : journal_(journal), model_(model) {}

  [[nodiscard]] audit::Size size() const { return model_.next(event::ledger_stream); }
  [[nodiscard]] audit::Hash root(audit::Size size) const;
  [[nodiscard]] audit::Proof inclusion(std::uint64_t index, audit::Size size) const;
  [[nodiscard]] audit::Proof consistency(audit::Size old_size, audit::Size size) const;
  // The bytes of a tile as wide as it says.
  [[nodiscard]] std::string tile(const audit::Tile& tile) const;
  // The leaves under a tile of level 0, as a bundle; cut from the ledger, which has them.
  [[nodiscard]] std::string bundle(std::uint64_t index, std::uint64_t width) const;

 private:
  [[nodiscard]] audit::TiledSubtrees subtrees(audit::Size size) const;

  journal::Journal& journal_;
  readmodel::ReadModel& model_;
};

}  // namespace tamroi::projection
