#pragma once

#include <cstdint>
#include <string>

#include "cli/client.h"
#include "cli/reads.h"
#include "cli/screen.h"

namespace tamroi::cli {

// Who looked at what: lines of the server's access log from a number on, which is the page's cursor.
[[nodiscard]] Exit read_accesses(Client& client, const Page& page, const Screen& screen);

}  // namespace tamroi::cli
