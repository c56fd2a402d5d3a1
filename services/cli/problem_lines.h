#pragma once

#include <string>

#include "cli/client.h"
#include "cli/screen.h"
#include "cli/submissions.h"

namespace tamroi::cli {

// april.ndjson:17, where the document begins.
[[nodiscard]] std::string place_of(const std::string& file, const Posted& posted);

// Prints each problem of a reply behind the file and line that it is about.
void print_problems(const std::string& file, const Posted& posted, const Reply& reply, const Screen& screen);

}  // namespace tamroi::cli
