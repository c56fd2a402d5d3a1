#include "disk/files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <iterator>
#include <system_error>

namespace tamroi::disk {
namespace {

[[noreturn]] void fail(const std::filesystem::path& path) { throw std::system_error(errno, std::generic_category(), path.string()); }

// Closes what it opened.
class Descriptor {
 public:
  Descriptor(const std::filesystem::path& path, int flags, mode_t mode) : number_(::open(path.c_str(), flags | O_CLOEXEC, mode)) {
    if (number_ < 0) fail(path);
  }
  ~Descriptor() { ::close(number_); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  [[nodiscard]] int number() const { return number_; }

 private:
  int number_;
};

}  // namespace

std::string read_file(const std::filesystem::path& path) {
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  if (!file) fail(path);
  std::string bytes{std::istreambuf_iterator<char>(file), {}};
  if (file.bad()) fail(path);
  return bytes;
}

void write_file(const std::filesystem::path& path, std::string_view bytes, Readers readers) {
  auto made = path;
  made += ".new";
  {
    const mode_t mode = readers == Readers::Owner ? 0600 : 0644;
    const Descriptor file(made, O_WRONLY | O_CREAT | O_TRUNC, mode);
    if (::fchmod(file.number(), mode) != 0) fail(made);
    while (!bytes.empty()) {
      const auto written = ::write(file.number(), bytes.data(), bytes.size());
      if (written < 0) fail(made);
      bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    if (::fsync(file.number()) != 0) fail(made);
  }
  if (::rename(made.c_str(), path.c_str()) != 0) fail(path);
  const auto folder = path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
  const Descriptor directory(folder, O_RDONLY | O_DIRECTORY, 0);
  if (::fsync(directory.number()) != 0) fail(folder);
}

}  // namespace tamroi::disk
