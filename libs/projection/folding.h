#pragma once

#include "event/record.h"
#include "journal/journal.h"
#include "readmodel/read_model.h"

namespace tamroi::projection {

// What readers and the ledger want of a record that was folded.
[[nodiscard]] readmodel::Step concluded(const journal::Entry& entry, const event::Record& record, event::Outcome outcome);
// The same of bytes that no fold could take: kind and id of the leaf are zero.
[[nodiscard]] readmodel::Step passed(const journal::Entry& entry, event::Outcome outcome);

// Gives the body of a record of the stream.
[[nodiscard]] std::function<std::string(event::Offset)> body_of(journal::Journal& journal, event::Stream stream);

}  // namespace tamroi::projection
