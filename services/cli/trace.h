#pragma once

#include <cstddef>
#include <string>

#include "cli/client.h"
#include "cli/reads.h"
#include "cli/screen.h"

namespace tamroi::cli {

struct TraceWish {
  std::string measure;    // of that measure alone; "": of all
  std::size_t limit = 3;  // so many units, facts and changes at each step
};

// Follows a figure down to the records that made it: from a region or the ministry to provinces, districts, criteria, facts and
// records. Each step is one request, whose path stands beside it; what lacks most comes first.
//
// Errors: throws ServerUnreachable, Misused.
[[nodiscard]] Exit trace(Client& client, Subject subject, const TraceWish& wish, const Screen& screen);

}  // namespace tamroi::cli
