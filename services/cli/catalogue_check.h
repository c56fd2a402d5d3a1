#pragma once

#include <expected>
#include <filesystem>
#include <string>

#include "catalogue/bundle.h"
#include "cli/screen.h"

namespace tamroi::cli {

// The files of a catalogue in a folder, with the units as below; the sentence says what cannot be read.
[[nodiscard]] std::expected<catalogue::Bundle, std::string> read_catalogue(const std::filesystem::path& folder);

// Checks the catalogue in a folder as the server does before it publishes it, and prints every finding with file and
// line; warnings alone are no refusal. The units are those of units.csv in the folder, otherwise of
// ../../org/org-units.csv. With `against`, the folder of the catalogue in force, also what must not change of it.
[[nodiscard]] Exit check_catalogue(const std::filesystem::path& folder, const std::filesystem::path& against,
                                   const Screen& screen);

}  // namespace tamroi::cli
