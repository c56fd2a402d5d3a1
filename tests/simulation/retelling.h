#pragma once

#include "simulation/history.h"

namespace tamroi::simulation {

// What a history's end must not depend on. Each throws Mismatch.

// The same records give the same outcomes, byte for byte, also where the fold is stopped at any point and another one
// goes on from the parts that were saved, and where it is given what it cannot decode.
void require_restarts_change_nothing(History& history);
// Only what is live at the end, recorded in another order by other submissions, with controls anywhere between, gives
// the same results: what was corrected, withdrawn or rejected left nothing behind.
void require_order_does_not_matter(History& history);
// With everything withdrawn, results are those of a round without facts.
void require_nothing_stays_behind(History& history);

}  // namespace tamroi::simulation
