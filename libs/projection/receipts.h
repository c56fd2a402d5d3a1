#pragma once

#include <optional>

#include "audit/receipt.h"
#include "projection/projection.h"

namespace tamroi::projection {

// Record, outcome and proof of a record that was folded, under the newest checkpoint that was cosigned, or where that does not
// reach, the newest. Nothing where no checkpoint covers its entry in the ledger yet.
[[nodiscard]] std::optional<audit::Receipt> receipt_of(Projection& projection, event::Position position);

}  // namespace tamroi::projection
