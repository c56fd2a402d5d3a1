#pragma once

#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/problem.h"
#include "catalogue/plan.h"

namespace tamroi::reporting {

// Whether a national id stands in the text: exactly 13 digits in a row (Thai digits count; single spaces, dots
// and hyphens between digits are passed over) with a right check digit.
[[nodiscard]] bool holds_national_id(std::string_view text);

// A problem for every string of a submission that holds one. `plan` is the round's latest, or null.
[[nodiscard]] std::vector<base::Problem> personal_problems(const catalogue::Plan* plan, base::JsonValue submission);
// The same for a control: its reason and letter.
[[nodiscard]] std::vector<base::Problem> personal_problems_of_control(base::JsonValue control);

}  // namespace tamroi::reporting
