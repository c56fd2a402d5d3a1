#pragma once

#include <string>

#include <boost/json.hpp>

#include "simulation/chance.h"

namespace tamroi::simulation {

// The same JSON value in other bytes: members in another order, blanks, escapes, 5 as 5.0 or 50e-1, ids in capitals.
[[nodiscard]] std::string rewritten(const boost::json::object& body, Chance& chance);

}  // namespace tamroi::simulation
