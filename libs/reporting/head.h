#pragma once

#include "base/json.h"
#include "reporting/problems.h"
#include "reporting/round_state.h"

namespace tamroi::reporting {

// Checks what a submission says besides its entries: its members, whether the round takes it, the version that it
// expects, its letter and its source.
void check_head(const RoundState& state, base::JsonValue body, Problems& problems);
// Checks its reason, which some entries need.
void check_reason(base::JsonValue body, bool needed, Problems& problems);

}  // namespace tamroi::reporting
