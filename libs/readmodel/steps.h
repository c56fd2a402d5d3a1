#pragma once

#include <string>

#include "readmodel/read_model.h"
#include "readmodel/rows.h"

namespace tamroi::readmodel {

// What readers want of a folded record: the record, its outcome unless the ledger has it, its history.
void put_step(Rows& rows, event::Stream stream, const Step& step, bool published);

[[nodiscard]] std::string encode_next(event::Offset next);
[[nodiscard]] std::string encode_published(event::Offset index, const base::Digest& outcome_sha256);
[[nodiscard]] Folded decode_folded(std::string_view row);

}  // namespace tamroi::readmodel
