#pragma once

#include <memory>

#include "query/place.h"
#include "readmodel/read_model.h"
#include "scoring/province_round.h"

namespace tamroi::query {

// The measures of a province where a place of it is cut, recomputed from its facts as they were then: who is lacking is in
// no history. `whole`: of all its units; otherwise of the place's own unit, with what its province gives it.
[[nodiscard]] std::unique_ptr<scoring::ProvinceRound> measures_then(readmodel::ReadModel& model, const Place& place, bool whole,
                                                                    std::uint32_t closed_months);

}  // namespace tamroi::query
