#pragma once

#include <string>

#include "cli/client.h"
#include "cli/reads.h"
#include "cli/screen.h"
#include "cli/submission_files.h"

// What would be, and what was refused.
namespace tamroi::cli {

// What would move under the catalogue in a folder.
[[nodiscard]] Exit what_if(Client& client, const std::string& folder, const Subject& subject, const Screen& screen);
// The same out of an audit pack, without a server. Throws Misused.
[[nodiscard]] Exit what_if_of_pack(const std::string& pack, const std::string& folder, const Subject& subject, const Screen& screen);

// A unit's submissions that were rejected.
[[nodiscard]] Exit read_rejected(Client& client, const std::string& unit, const Page& page, const Screen& screen);

// What each submission of some files would change, alone, if it came now; nothing is sent.
[[nodiscard]] Exit preview(Client& client, SubmissionFiles& files, const Screen& screen);

}  // namespace tamroi::cli
