#pragma once

#include <boost/json.hpp>

#include "event/record.h"
#include "projection/projection.h"

namespace tamroi::projection {

// What would become of a submission that came now, on what this node has applied; nothing is written. Beside the outcome
// it says where it was computed, and what would move above the province. Holds up the province's fold while it is computed.
//
// Errors: throws ReadModelUnavailable, also while the fold has to be read anew.
[[nodiscard]] boost::json::object preview(Projection& projection, event::Stream stream, const event::Record& record);

}  // namespace tamroi::projection
