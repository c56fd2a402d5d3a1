#pragma once

#include <filesystem>

#include "catalogue/bundle.h"

namespace tamroi::disk {

// Where the tree of units of a catalogue's folder is: its units.csv; otherwise the one that is shipped, schemas/org of
// the folder's checkout or of the one that the program runs in. Does not exist where there is none.
[[nodiscard]] std::filesystem::path units_file(const std::filesystem::path& folder);

// The files of a catalogue in a folder: its *.yaml and *.csv, and the tree of units.
// Throws std::system_error, with the path, where one cannot be read.
[[nodiscard]] catalogue::Bundle read_bundle(const std::filesystem::path& folder);

}  // namespace tamroi::disk
