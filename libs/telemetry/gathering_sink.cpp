#include "telemetry/gathering_sink.h"

#include <spdlog/pattern_formatter.h>

#include <cerrno>
#include <string_view>
#include <utility>

#include <unistd.h>

namespace tamroi::telemetry {

GatheringSink::GatheringSink(int file)
    : file_(file),
      formatter_(std::make_unique<spdlog::pattern_formatter>()),
      writer_([this] { write_what_comes(); }) {}

GatheringSink::~GatheringSink() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  came_.notify_one();
  writer_.join();
  flush();
}

void GatheringSink::log(const spdlog::details::log_msg& message) {
  bool first = false;
  bool full = false;
  {
    const std::lock_guard lock(mutex_);
    line_.clear();
    formatter_->format(message, line_);
    first = gathered_.empty();
    gathered_.append(line_.data(), line_.size());
    full = gathered_.size() >= bytes_max;
  }
  if (full || message.level >= spdlog::level::warn) {
    flush();
  } else if (first) {
    came_.notify_one();
  }
}

void GatheringSink::flush() {
  const std::lock_guard in_order(writing_);
  written_.clear();
  {
    const std::lock_guard lock(mutex_);
    std::swap(written_, gathered_);
  }
  write(written_);
}

void GatheringSink::set_pattern(const std::string& pattern) {
  set_formatter(std::make_unique<spdlog::pattern_formatter>(pattern));
}

void GatheringSink::set_formatter(std::unique_ptr<spdlog::formatter> formatter) {
  const std::lock_guard lock(mutex_);
  formatter_ = std::move(formatter);
}

void GatheringSink::write_what_comes() {
  std::unique_lock lock(mutex_);
  while (!ending_) {
    came_.wait(lock, [this] { return ending_ || !gathered_.empty(); });
    came_.wait_for(lock, gathered_within, [this] { return ending_; });
    lock.unlock();
    flush();
    lock.lock();
  }
}

void GatheringSink::write(std::string_view bytes) const {
  while (!bytes.empty()) {
    const auto count = ::write(file_, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return;
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
}

}  // namespace tamroi::telemetry
