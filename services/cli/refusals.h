#pragma once

#include <string>

#include <boost/json.hpp>

#include "cli/client.h"
#include "cli/screen.h"

namespace tamroi::cli {

// "bad_value at /entries/0/on: The day does not exist."
[[nodiscard]] std::string problem_text(const boost::json::object& problem);

// What a refusing reply says, a problem a line, and what to do about it.
[[nodiscard]] std::string refusal_text(const Reply& reply, const Look& look);

// Prints a refusing reply, for programs as it came.
Exit tell_refusal(const Reply& reply, const Screen& screen);

// Whether the same is worth asking again in a while.
[[nodiscard]] bool is_busy(const Reply& reply);

// What to do about a reply of that status; "" where its problems say it all.
[[nodiscard]] std::string advice(const Reply& reply);

}  // namespace tamroi::cli
