#pragma once

#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>

#include "catalogue/bundle.h"

// Reads the files that tests need. TAMROI_SOURCE_DIR is the root of the checkout.
namespace tamroi::support {

inline std::string read_file(const std::filesystem::path& path) {
  std::ifstream stream(path, std::ios::binary);
  if (!stream) throw std::runtime_error("cannot read " + path.string());
  return {std::istreambuf_iterator<char>(stream), {}};
}

inline std::filesystem::path source_dir() { return TAMROI_SOURCE_DIR; }

// All files of one catalogue, with the organisation units as units.csv.
inline catalogue::Bundle read_bundle(const std::filesystem::path& directory) {
  catalogue::Bundle bundle;
  for (const auto& entry : std::filesystem::directory_iterator(directory)) {
    if (entry.is_regular_file()) bundle[entry.path().filename().string()] = read_file(entry.path());
  }
  bundle["units.csv"] = read_file(source_dir() / "schemas" / "org" / "org-units.csv");
  return bundle;
}

inline catalogue::Bundle read_bundle_2565_2() { return read_bundle(source_dir() / "schemas" / "catalogue" / "2565-2"); }

}  // namespace tamroi::support
