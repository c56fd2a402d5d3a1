#pragma once

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <string_view>
#include <system_error>

// What the files of this folder are made of. Each throws std::system_error, with the path.
namespace tamroi::disk {

[[noreturn]] inline void fail(int error, const std::filesystem::path& path) { throw std::system_error(error, std::generic_category(), path.string()); }

// Closes what it opened.
class Descriptor {
 public:
  Descriptor(const std::filesystem::path& path, int flags, mode_t mode) : number_(::open(path.c_str(), flags | O_CLOEXEC, mode)) {
    if (number_ < 0) fail(errno, path);
  }
  ~Descriptor() { ::close(number_); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  [[nodiscard]] int number() const { return number_; }

 private:
  int number_;
};

// Writes all of it, and waits until it is on the disk.
inline void write_durably(const Descriptor& file, std::string_view bytes, const std::filesystem::path& path) {
  while (!bytes.empty()) {
    const auto written = ::write(file.number(), bytes.data(), bytes.size());
    if (written < 0) fail(errno, path);
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  if (::fsync(file.number()) != 0) fail(errno, path);
}

// Waits until the folder that a file was put into has its name on the disk.
inline void sync_folder_of(const std::filesystem::path& path) {
  const auto folder = path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
  const Descriptor directory(folder, O_RDONLY | O_DIRECTORY, 0);
  if (::fsync(directory.number()) != 0) fail(errno, folder);
}

}  // namespace tamroi::disk
