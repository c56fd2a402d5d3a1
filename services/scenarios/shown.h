#pragma once

#include <boost/json.hpp>
#include <string>

#include "scenarios/world.h"

namespace tamroi::scenarios {

// The body of an answer as JSON; an object without members when it is none.
[[nodiscard]] boost::json::object parse_body(const Reply& reply);
// A member as a person would write it: texts without quotes, "absent" when it is not there.
[[nodiscard]] std::string shown(const boost::json::object& from, std::string_view member);
// A measure as scenarios write it: 4, 39/40 or undefined.
[[nodiscard]] std::string shown_measure(const boost::json::value* measure);
// A criterion as `because` writes it: `MEASURE 2 needs at least 3`.
[[nodiscard]] std::string shown_criterion(const boost::json::object& criterion);

}  // namespace tamroi::scenarios
