#include "disk/bundle_folder.h"

#include "disk/files.h"

namespace tamroi::disk {
namespace {

// The shipped tree of units in that folder or one above it, or nothing.
std::filesystem::path shipped_above(std::filesystem::path folder) {
  while (true) {
    for (const char* place : {"org/org-units.csv", "schemas/org/org-units.csv"}) {
      if (std::filesystem::exists(folder / place)) return folder / place;
    }
    if (folder == folder.parent_path()) return {};
    folder = folder.parent_path();
  }
}

}  // namespace

std::filesystem::path units_file(const std::filesystem::path& folder) {
  const auto own = folder / "units.csv";
  if (std::filesystem::exists(own)) return own;
  auto shipped = shipped_above(std::filesystem::weakly_canonical(folder));
  if (shipped.empty()) shipped = shipped_above(std::filesystem::current_path());
  return shipped.empty() ? own : shipped;
}

catalogue::Bundle read_bundle(const std::filesystem::path& folder) {
  catalogue::Bundle bundle;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const auto& path = entry.path();
    if (path.extension() == ".yaml" || path.extension() == ".csv") bundle[path.filename().string()] = read_file(path);
  }
  if (!bundle.contains("units.csv")) bundle["units.csv"] = read_file(units_file(folder));
  return bundle;
}

}  // namespace tamroi::disk
