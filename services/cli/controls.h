#pragma once

#include <string>

#include "cli/patience.h"
#include "cli/screen.h"

namespace tamroi::cli {

// Sends a control record, as read from the file of that name, and waits until it is applied everywhere.
[[nodiscard]] Exit send_control(Client& client, const std::string& file, const std::string& text, const Screen& screen,
                                const Pause& pause);

}  // namespace tamroi::cli
