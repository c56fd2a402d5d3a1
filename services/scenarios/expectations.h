#pragma once

#include <vector>

#include "scenarios/cursor.h"
#include "scenarios/scenario.h"

namespace tamroi::scenarios {

// What `because` and `lacks` speak of when they name no unit: that of the last expected result.
struct Focus {
  std::string unit;
  int indicator = 0;
};

// The line after `expect`, with the indented lines under it.
[[nodiscard]] Statement parse_expect(Cursor& words, const std::vector<Line>& block, Focus& last);
[[nodiscard]] Statement parse_because(const Line& whole, const Focus& last);
[[nodiscard]] Statement parse_lacks(Cursor& words, const Focus& last);
// YYYY-MM-DD [HH:MM[:SS]], Bangkok time.
[[nodiscard]] base::Instant parse_moment(Cursor& words);

}  // namespace tamroi::scenarios
