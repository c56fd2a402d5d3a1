#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "cli/client.h"
#include "cli/reads.h"
#include "cli/screen.h"
#include "cli/submission_files.h"

// The commands that follow a figure down, or hold two letters against each other.
namespace tamroi::cli {

// Each unit within the subject's whose level or score is another under the second revision, with the criterion that makes
// the difference.
[[nodiscard]] Exit compare_revisions(Client& client, const Subject& subject, const std::vector<std::uint32_t>& revisions, const Screen& screen);

// How far a figure is followed down.
struct TraceWish {
  std::string measure;        // "": all of the indicator
  std::uint32_t records = 3;  // of a district or province, the newest that changed it
};
// From a unit down to the records: figures of the units below it, the criteria of districts and provinces, what changed
// them, and where the records stand.
[[nodiscard]] Exit trace(Client& client, const Subject& subject, const TraceWish& wish, const Screen& screen);

// What would move under the catalogue in a folder.
[[nodiscard]] Exit what_if(Client& client, const std::string& folder, const Subject& subject, const Screen& screen);

// A unit's submissions that were rejected.
[[nodiscard]] Exit read_rejected(Client& client, const std::string& unit, const Page& page, const Screen& screen);

// What each submission of some files would change, alone, if it came now; nothing is sent.
[[nodiscard]] Exit preview(Client& client, SubmissionFiles& files, const Screen& screen);

}  // namespace tamroi::cli
