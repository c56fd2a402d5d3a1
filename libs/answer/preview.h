#pragma once

#include <boost/json.hpp>

#include "answer/roll_up.h"

// What would be told of units above a province if one of its rounds stood otherwise.
namespace tamroi::answer {

// The score of a region or TH, and its measures, that differ between two states of its provinces: {"unit", "score":
// {"before", "after"}, "indicators": [{"indicator", "measures": {NAME: {"before", "after"}}}]}; null where nothing differs.
[[nodiscard]] boost::json::value merged_difference(const catalogue::Plan& plan, std::string_view unit, const Provinces& before,
                                                   const Provinces& after);

}  // namespace tamroi::answer
