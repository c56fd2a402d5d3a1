#pragma once

#include <string>

#include "cli/client.h"
#include "cli/screen.h"

namespace tamroi::cli {

// Writes the audit pack of a unit (schemas/audit/README.md) into a folder that is not there yet, out of what the server's
// routes say; the account must be an auditor's. What has the folder's name is whole.
[[nodiscard]] Exit export_pack(Client& client, const std::string& unit, const std::string& to, const Screen& screen);

}  // namespace tamroi::cli
