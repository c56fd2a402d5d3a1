#pragma once

#include <filesystem>

#include "cli/screen.h"

namespace tamroi::cli {

// Checks the catalogue in a folder as the server does before it publishes it, and prints every finding with file and
// line; warnings alone are no refusal. The units are those of units.csv in the folder, otherwise of
// ../../org/org-units.csv. With `against`, the folder of the catalogue in force, also what must not change of it.
[[nodiscard]] Exit check_catalogue(const std::filesystem::path& folder, const std::filesystem::path& against,
                                   const Screen& screen);

}  // namespace tamroi::cli
