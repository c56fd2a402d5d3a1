#include "disk/bundle_folder.h"

#include "disk/files.h"

namespace tamroi::disk {

catalogue::Bundle read_bundle(const std::filesystem::path& folder) {
  catalogue::Bundle bundle;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const auto& path = entry.path();
    if (path.extension() == ".yaml" || path.extension() == ".csv") bundle[path.filename().string()] = read_file(path);
  }
  if (!bundle.contains("units.csv")) bundle["units.csv"] = read_file(folder / "../../org/org-units.csv");
  return bundle;
}

}  // namespace tamroi::disk
