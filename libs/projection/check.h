#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "journal/journal.h"
#include "projection/follows.h"
#include "readmodel/read_model.h"

namespace tamroi::projection {

struct Checked {
  std::size_t streams = 0;
  std::uint64_t records = 0;
  std::uint64_t ledger_entries = 0;
  std::uint64_t facts = 0;        // versions of them
  std::uint64_t results = 0;      // compared at the end of each stream
  std::vector<std::string> wrong;  // a sentence each, in the order of the streams; the first of each stream
};

// Folds the whole journal once more and compares everything with what the ledger and the read model hold: records and
// outcomes, history, digests, facts, results, up to where the read model is. Reads only. `told` gets a line a stream.
[[nodiscard]] Checked check(journal::Journal& journal, readmodel::ReadModel& model, const Follows& follows, const std::function<void(const std::string& line)>& told);

}  // namespace tamroi::projection
