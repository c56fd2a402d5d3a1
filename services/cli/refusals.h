#pragma once

#include <string>

#include <boost/json.hpp>

#include "cli/client.h"
#include "cli/look.h"

namespace tamroi::cli {

// "bad_value at /entries/0/on: The day does not exist."
[[nodiscard]] std::string problem_text(const boost::json::object& problem);

// What a refusing reply says, a problem a line, and what to do about it.
[[nodiscard]] std::string refusal_text(const Reply& reply, const Look& look);

// What to do about a reply of that status; "" where its problems say it all.
[[nodiscard]] std::string advice(const Reply& reply);

}  // namespace tamroi::cli
