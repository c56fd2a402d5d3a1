#pragma once

#include <filesystem>
#include <string_view>
#include <vector>

#include "scenarios/lines.h"
#include "scenarios/scenario.h"

namespace tamroi::scenarios {

// Reads scenario files; the grammar is in tests/scenarios/README.md.
//
// Invariants: every step that sends something is followed by what is expected of it; where the file is
//             silent that is `expect accepted`. Times never go back within a scenario.
// Errors:     throws BadScenario with file and line.
[[nodiscard]] std::vector<Scenario> parse(const std::vector<Line>& lines, const std::string& file_name);
[[nodiscard]] std::vector<Scenario> parse_file(const std::filesystem::path& file);

}  // namespace tamroi::scenarios
