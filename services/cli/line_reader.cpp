#include "cli/line_reader.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <string_view>
#include <system_error>

namespace tamroi::cli {
namespace {

constexpr std::size_t block_bytes = std::size_t{256} << 10;

[[noreturn]] void fail(const std::string& name) {
  throw std::system_error(errno, std::generic_category(), name + " cannot be read");
}

}  // namespace

LineReader::LineReader(const std::string& name)
    : name_(name), descriptor_(name == "-" ? STDIN_FILENO : open(name.c_str(), O_RDONLY | O_CLOEXEC)) {
  if (descriptor_ < 0) fail(name);
}

LineReader::~LineReader() {
  if (descriptor_ != STDIN_FILENO) close(descriptor_);
}

bool LineReader::fill() {
  begin_ = 0;
  if (ended_) {
    buffer_.clear();
    return false;
  }
  buffer_.resize(block_bytes);
  ssize_t count = 0;
  do {
    count = read(descriptor_, buffer_.data(), block_bytes);
  } while (count < 0 && errno == EINTR);
  if (count < 0) fail(name_);
  buffer_.resize(static_cast<std::size_t>(count));
  ended_ = count == 0;
  return !ended_;
}

bool LineReader::next(std::string& line, std::size_t bytes_max) {
  line.clear();
  bool any = false;
  while (begin_ < buffer_.size() || fill()) {
    any = true;
    const auto rest = std::string_view(buffer_).substr(begin_);
    const auto end = rest.find('\n');
    const auto taken = end == std::string_view::npos ? rest.size() : end + 1;
    line += rest.substr(0, std::min(taken, bytes_max - std::min(line.size(), bytes_max)));
    begin_ += taken;
    bytes_ += taken;
    if (end != std::string_view::npos) break;
  }
  if (any) ++lines_;
  return any;
}

bool LineReader::would_wait() const {
  if (ended_ || buffer_.find('\n', begin_) != std::string::npos) return false;
  pollfd readable{.fd = descriptor_, .events = POLLIN, .revents = 0};
  return poll(&readable, 1, 0) == 0;
}

}  // namespace tamroi::cli
