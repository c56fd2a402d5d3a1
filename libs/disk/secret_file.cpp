#include "disk/secret_file.h"

#include <sys/random.h>
#include <sys/stat.h>

#include <cerrno>

#include "disk/descriptor.h"

namespace tamroi::disk {
namespace {

constexpr std::size_t secret_bytes_max = 64 * 1024;

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
    write_durably(file, bytes, path);
  }
  sync_folder_of(path);
}

std::array<std::uint8_t, 32> random_seed() {
  std::array<std::uint8_t, 32> seed;
  if (::getrandom(seed.data(), seed.size(), 0) != static_cast<ssize_t>(seed.size())) fail(errno, "getrandom");
  return seed;
}

}  // namespace tamroi::disk
