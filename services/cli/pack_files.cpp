#include "cli/pack_files.h"

#include <cerrno>
#include <system_error>

namespace tamroi::cli {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail(int why, const fs::path& path) { throw std::system_error(why == 0 ? EIO : why, std::generic_category(), path.string()); }

}  // namespace

PackFiles::PackFiles(fs::path folder) : folder_(std::move(folder)), unfinished_(fs::path(folder_).concat(".unfinished")) {
  if (fs::exists(folder_)) fail(EEXIST, folder_);
  fs::remove_all(unfinished_);
  fs::create_directories(unfinished_);
}

PackFiles::~PackFiles() {
  std::error_code ignored;
  fs::remove_all(unfinished_, ignored);
}

void PackFiles::append(const std::string& path, std::string_view bytes) {
  // Names of a catalogue's files come from a server.
  if (path.starts_with('/') || ("/" + path + "/").contains("/../")) fail(EINVAL, path);
  const auto place = unfinished_ / path;
  const bool bit_by_bit = path.starts_with("records/") || path.starts_with("outcomes/");
  errno = 0;
  std::ofstream once;
  auto& file = bit_by_bit ? open_[path] : once;
  if (!file.is_open()) {
    fs::create_directories(place.parent_path());
    file.open(place, std::ios::binary | std::ios::app);
  }
  file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  if (!bit_by_bit) file.close();
  if (!file) fail(errno, place);
}

void PackFiles::finish() {
  for (auto& [path, file] : open_) {
    errno = 0;
    file.close();
    if (!file) fail(errno, unfinished_ / path);
  }
  fs::rename(unfinished_, folder_);
}

}  // namespace tamroi::cli
