#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"

namespace tamroi::golden {

// A line of hard-cases.txt: when, where, what.
struct HardCase {
  base::Instant at;
  std::string where;  // a unit: a submission for it; a role: its control; else a word that README.md explains
  std::string what;
};

// Throws runtime_error on a line that is none.
[[nodiscard]] std::vector<HardCase> read_hard_cases(std::string_view text);

}  // namespace tamroi::golden
