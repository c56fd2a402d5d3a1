#pragma once

#include "cli/patience.h"
#include "cli/screen.h"
#include "cli/submission_files.h"

namespace tamroi::cli {

// Sends submissions in their order and waits for every outcome; prints each problem with file and line, then what
// changed. Waits where the server is busy or away for a while, and goes on where it was.
//
// Errors: throws ServerUnreachable and Misused, once it is said how many were answered.
// Limits: holds some MiB, however many they are.
[[nodiscard]] Exit submit(Client& client, SubmissionFiles& files, const Screen& screen, const Pause& pause);

}  // namespace tamroi::cli
