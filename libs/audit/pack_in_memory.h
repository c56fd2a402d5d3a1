#pragma once

#include <map>
#include <string>

#include "audit/pack_check.h"
#include "audit/pack_writer.h"

// Packs in memory, for tests.
namespace tamroi::audit {

using PackFilesInMemory = std::map<std::string, std::string>;

[[nodiscard]] inline PackFolder folder_of(const PackFilesInMemory& files) {
  PackFolder folder;
  for (const auto& [path, bytes] : files) folder.paths.push_back(path);
  folder.read = [&files](const std::string& path) { return std::string_view(files.at(path)); };
  return folder;
}

// The manifest made right again, as whoever changes a pack's files on purpose would.
inline void mend_manifest(PackFilesInMemory& files) {
  const auto found = files.find(std::string(manifest_path));
  if (found == files.end()) return;
  auto manifest = parse_manifest(found->second);
  if (!manifest) return;
  const auto note = files.contains(std::string(checkpoint_path)) ? parse_note(files.at(std::string(checkpoint_path))) : std::unexpected(std::string());
  const auto checkpoint = note ? parse_checkpoint(note->text) : std::unexpected(std::string());
  if (checkpoint) manifest->checkpoint = *checkpoint;
  manifest->files.clear();
  for (const auto& [path, bytes] : files) {
    if (path != manifest_path) manifest->files.push_back({path, bytes.size(), base::sha256(bytes)});
  }
  found->second = to_string(*manifest);
}

}  // namespace tamroi::audit
