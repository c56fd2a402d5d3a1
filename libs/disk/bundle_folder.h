#pragma once

#include <filesystem>

#include "catalogue/bundle.h"

namespace tamroi::disk {

// The files of a catalogue in a folder: its *.yaml and *.csv, and where it has no units.csv the tree of units that is
// shipped beside the catalogues (../../org/org-units.csv).
// Throws std::system_error, with the path, where one cannot be read.
[[nodiscard]] catalogue::Bundle read_bundle(const std::filesystem::path& folder);

}  // namespace tamroi::disk
