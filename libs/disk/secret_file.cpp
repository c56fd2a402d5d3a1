#include "disk/secret_file.h"

#include <fcntl.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace tamroi::disk {
namespace {

constexpr std::size_t secret_bytes_max = 64 * 1024;

[[noreturn]] void fail(int error, const std::filesystem::path& path) { throw std::system_error(error, std::generic_category(), path.string()); }

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

}  // namespace

std::string read_secret(const std::filesystem::path& path) {
  const Descriptor file(path, O_RDONLY, 0);
  struct stat about = {};
  if (::fstat(file.number(), &about) != 0) fail(errno, path);
  const bool others = (about.st_mode & (S_IRWXG | S_IRWXO)) != 0 || about.st_uid != ::geteuid();
  if (others || !S_ISREG(about.st_mode)) {
    throw std::system_error(EACCES, std::generic_category(), path.string() + ": a secret is a plain file of its user's, with mode 0600 or less");
  }
  std::string bytes(secret_bytes_max, '\0');
  const auto size = ::read(file.number(), bytes.data(), bytes.size());
  if (size < 0) fail(errno, path);
  bytes.resize(static_cast<std::size_t>(size));
  return bytes;
}

void write_new_secret(const std::filesystem::path& path, std::string_view bytes) {
  {
    const Descriptor file(path, O_WRONLY | O_CREAT | O_EXCL, 0600);
    while (!bytes.empty()) {
      const auto written = ::write(file.number(), bytes.data(), bytes.size());
      if (written < 0) fail(errno, path);
      bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    if (::fsync(file.number()) != 0) fail(errno, path);
  }
  const auto folder = path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
  const Descriptor directory(folder, O_RDONLY | O_DIRECTORY, 0);
  if (::fsync(directory.number()) != 0) fail(errno, folder);
}

std::array<std::uint8_t, 32> random_seed() {
  std::array<std::uint8_t, 32> seed;
  if (::getrandom(seed.data(), seed.size(), 0) != static_cast<ssize_t>(seed.size())) fail(errno, "getrandom");
  return seed;
}

}  // namespace tamroi::disk
