#include "disk/files.h"

#include <sys/stat.h>

#include <cerrno>
#include <fstream>
#include <iterator>

#include "disk/descriptor.h"

namespace tamroi::disk {

std::string read_file(const std::filesystem::path& path) {
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  if (!file) fail(errno, path);
  std::string bytes{std::istreambuf_iterator<char>(file), {}};
  if (file.bad()) fail(errno, path);
  return bytes;
}

void write_file(const std::filesystem::path& path, std::string_view bytes, Readers readers) {
  auto made = path;
  made += ".new";
  {
    const mode_t mode = readers == Readers::Owner ? 0600 : 0644;
    const Descriptor file(made, O_WRONLY | O_CREAT | O_TRUNC, mode);
    if (::fchmod(file.number(), mode) != 0) fail(errno, made);
    write_durably(file, bytes, made);
  }
  if (::rename(made.c_str(), path.c_str()) != 0) fail(errno, path);
  sync_folder_of(path);
}

}  // namespace tamroi::disk
