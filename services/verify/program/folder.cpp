#include "verify/program/folder.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace tamroi::verify {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail(const fs::path& path) { throw std::system_error(errno, std::generic_category(), path.string()); }

}  // namespace

class Folder::Mapped {
 public:
  explicit Mapped(const fs::path& path) {
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0) fail(path);
    struct stat about = {};
    const bool known = ::fstat(file, &about) == 0;
    const bool plain = known && S_ISREG(about.st_mode);
    size_ = plain ? static_cast<std::size_t>(about.st_size) : 0;
    // An empty file cannot be mapped.
    if (size_ > 0) bytes_ = ::mmap(nullptr, size_, PROT_READ, MAP_PRIVATE, file, 0);
    const int failure = bytes_ == MAP_FAILED || !known ? errno : plain ? 0 : EINVAL;
    ::close(file);
    if (failure == 0) return;
    errno = failure;
    fail(path);
  }
  ~Mapped() {
    if (size_ > 0) ::munmap(bytes_, size_);
  }
  Mapped(const Mapped&) = delete;
  Mapped& operator=(const Mapped&) = delete;
  [[nodiscard]] std::string_view bytes() const { return {static_cast<const char*>(bytes_), size_}; }

 private:
  void* bytes_ = nullptr;
  std::size_t size_ = 0;
};

Folder::Folder(fs::path root) : root_(std::move(root)) {
  if (!fs::is_directory(root_)) {
    errno = ENOTDIR;
    fail(root_);
  }
}
Folder::~Folder() = default;

bool Folder::has(const std::string& path) const { return fs::is_regular_file(root_ / path); }

std::string_view Folder::read(const std::string& path) {
  auto& mapped = mapped_[path];
  if (mapped == nullptr) mapped = std::make_unique<Mapped>(root_ / path);
  return mapped->bytes();
}

audit::PackFolder Folder::as_pack() {
  audit::PackFolder pack;
  for (const auto& entry : fs::recursive_directory_iterator(root_)) {
    if (entry.is_symlink() || !entry.is_directory()) pack.paths.push_back(fs::relative(entry.path(), root_).generic_string());
  }
  pack.read = [this](const std::string& path) { return read(path); };
  return pack;
}

}  // namespace tamroi::verify
