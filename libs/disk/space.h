#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <filesystem>

namespace tamroi::disk {

struct Space {
  std::uint64_t free_bytes = 0;  // for whoever is not root
  std::uint64_t size_bytes = 0;
};

// Of the file system that holds the path. Throws std::system_error, with the path.
[[nodiscard]] Space space_of(const std::filesystem::path& path);

// Whether a file system has less free space than a reserve; looks at most once a second.
//
// Threads: any.
class Reserve {
 public:
  Reserve(std::filesystem::path path, std::uint64_t reserve_bytes) : path_(std::move(path)), reserve_bytes_(reserve_bytes) {}
  // True also where it cannot be known.
  [[nodiscard]] bool reached(std::chrono::steady_clock::time_point now);

 private:
  const std::filesystem::path path_;
  const std::uint64_t reserve_bytes_;
  std::atomic<std::chrono::steady_clock::time_point> looked_at_ = std::chrono::steady_clock::time_point::min();
  std::atomic<bool> reached_ = false;
};

}  // namespace tamroi::disk
