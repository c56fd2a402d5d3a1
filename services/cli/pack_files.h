#pragma once

#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <string_view>

namespace tamroi::cli {

// A folder that is written under another name until it is whole; what was written is gone where it never is.
//
// Errors: throws std::system_error, with the path.
class PackFiles {
 public:
  // The folder must not be there yet.
  explicit PackFiles(std::filesystem::path folder);
  ~PackFiles();
  PackFiles(const PackFiles&) = delete;
  PackFiles& operator=(const PackFiles&) = delete;

  void append(const std::string& path, std::string_view bytes);
  void finish();

 private:
  const std::filesystem::path folder_;
  const std::filesystem::path unfinished_;
  std::map<std::string, std::ofstream> open_;  // those that are written bit by bit
};

}  // namespace tamroi::cli
