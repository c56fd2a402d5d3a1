#pragma once

#include <string>

#include "journal/journal.h"
#include "readmodel/read_model.h"

namespace tamroi::projection {

// Whether the read model follows from this journal: the last record of each stream that it folded, and the last entry of the
// ledger that it saw, are still there and the same. A journal that was cut, or put in the place of another, is noticed so
// wherever its ends are not kept besides.
//
// A sentence about the first stream where it does not; empty where all is well. A read model that has nothing follows from any.
// Errors: throws JournalUnavailable, ReadModelUnavailable.
[[nodiscard]] std::string parted_from(journal::Journal& journal, readmodel::ReadModel& model);

}  // namespace tamroi::projection
