#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "access/access_line.h"

// The files of the log: NUMBER.log, named by the number of its first line, whole lines but for a torn last one.
namespace tamroi::access {

struct LogFile {
  std::uint64_t first = 0;
  std::filesystem::path path;
};

// In order. Throws std::system_error.
[[nodiscard]] std::vector<LogFile> files_of(const std::filesystem::path& folder);
[[nodiscard]] std::filesystem::path file_at(const std::filesystem::path& folder, std::uint64_t first);

// The number and the hash that a next line has before it.
struct Head {
  std::uint64_t next = 0;
  base::Digest sha256{};
};

// Where a file ends: after its last whole line.
struct FileEnd {
  std::uint64_t bytes = 0;
  Head head;
};
// `at` is what the file begins with, should it hold no whole line. Throws std::system_error.
[[nodiscard]] FileEnd end_of(const LogFile& file, const Head& at);

// Whole lines from a number on, at most `count`, as they are written. Throws std::system_error.
[[nodiscard]] std::vector<std::string> read_lines(const std::filesystem::path& folder, std::uint64_t from, std::size_t count);

struct Chain {
  std::uint64_t lines = 0;
  base::Digest sha256{};  // of the last
  std::string wrong;      // a sentence that names the first line that does not follow; empty where all do
};
// Goes through all of it, a torn last line excepted. Throws std::system_error.
[[nodiscard]] Chain check_chain(const std::filesystem::path& folder);

}  // namespace tamroi::access
