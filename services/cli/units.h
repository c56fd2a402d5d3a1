#pragma once

#include <string>

#include "cli/client.h"
#include "cli/screen.h"

namespace tamroi::cli {

// The tree of units down to the provinces where no unit is named; otherwise the unit, what it belongs to and what
// belongs to it.
[[nodiscard]] Exit read_units(Client& client, const std::string& unit, const Screen& screen);

}  // namespace tamroi::cli
