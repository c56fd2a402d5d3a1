#include "disk/space.h"

#include <sys/statvfs.h>

#include <cerrno>
#include <system_error>

namespace tamroi::disk {
namespace {

constexpr std::chrono::seconds look_again{1};

}  // namespace

Space space_of(const std::filesystem::path& path) {
  struct statvfs found {};
  if (::statvfs(path.c_str(), &found) != 0) throw std::system_error(errno, std::generic_category(), "space of " + path.string());
  return {std::uint64_t{found.f_bavail} * found.f_frsize, std::uint64_t{found.f_blocks} * found.f_frsize};
}

bool Reserve::reached(std::chrono::steady_clock::time_point now) {
  if (reserve_bytes_ == 0) return false;
  auto looked_at = looked_at_.load();
  const bool due = looked_at == std::chrono::steady_clock::time_point::min() || now - looked_at >= look_again;
  if (!due || !looked_at_.compare_exchange_strong(looked_at, now)) return reached_;
  try {
    reached_ = space_of(path_).free_bytes < reserve_bytes_;
  } catch (const std::system_error&) {
    reached_ = true;
  }
  return reached_;
}

}  // namespace tamroi::disk
