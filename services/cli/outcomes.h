#pragma once

#include <string>

#include "cli/client.h"
#include "cli/screen.h"

namespace tamroi::cli {

// What became of a submission; `unit` says whose, where two provinces used one id, and may be empty.
[[nodiscard]] Exit read_submission(Client& client, const std::string& id, const std::string& unit,
                                   const Screen& screen);
// What became of a control.
[[nodiscard]] Exit read_control(Client& client, const std::string& id, const Screen& screen);

}  // namespace tamroi::cli
