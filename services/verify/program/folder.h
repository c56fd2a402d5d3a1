#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>

#include "audit/pack_check.h"

namespace tamroi::verify {

// A folder whose files are mapped into memory when they are read, and stay there as long as it.
//
// Errors: throws std::system_error, with the path, where one cannot be read.
class Folder {
 public:
  explicit Folder(std::filesystem::path root);
  ~Folder();
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  [[nodiscard]] bool has(const std::string& path) const;
  [[nodiscard]] std::string_view read(const std::string& path);
  // All of it, as the checker of packs takes it.
  [[nodiscard]] audit::PackFolder as_pack();

 private:
  class Mapped;
  std::filesystem::path root_;
  std::map<std::string, std::unique_ptr<Mapped>> mapped_;
};

}  // namespace tamroi::verify
