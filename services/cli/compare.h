#pragma once

#include <cstdint>

#include "cli/client.h"
#include "cli/reads.h"
#include "cli/screen.h"

namespace tamroi::cli {

// Scores the same facts of a unit and of all below it under two revisions of the criteria, and shows every result whose level,
// evidenced level or score differs, with the criteria that make the difference. All answers are of one cut: the one that is
// asked for, or where the unit stood at the first of them.
//
// Errors: throws ServerUnreachable, Misused.
[[nodiscard]] Exit compare(Client& client, Subject subject, std::uint32_t before, std::uint32_t after, const Screen& screen);

}  // namespace tamroi::cli
