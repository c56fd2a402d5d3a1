#pragma once

#include <span>
#include <string>

#include "readmodel/database.h"

namespace tamroi::readmodel {

// Adds to a batch what readers want of folded records: the records, their outcomes and history, and the position.
void put_steps(Database& database, rocksdb::WriteBatch& batch, event::Stream stream, std::span<const Step> steps);

[[nodiscard]] Folded decode_folded(std::string_view row);

}  // namespace tamroi::readmodel
