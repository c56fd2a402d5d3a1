#pragma once

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include <spdlog/formatter.h>
#include <spdlog/sinks/sink.h>

namespace tamroi::telemetry {

// Writes the lines of a busy moment together, since a write for each would cost a server more than the line itself.
//
// Invariants: lines come in their order; a warning or an error is written, with all before it, before log() returns, other
//             lines at the latest gathered_within later or when flush() returns.
// Threads:    any.
// Errors:     none; lines that cannot be written are lost.
// Limits:     bytes_max; whoever has the line that reaches it writes.
class GatheringSink final : public spdlog::sinks::sink {
 public:
  // Neither owns nor closes the file.
  explicit GatheringSink(int file);
  ~GatheringSink() override;
  GatheringSink(const GatheringSink&) = delete;
  GatheringSink& operator=(const GatheringSink&) = delete;

  void log(const spdlog::details::log_msg& message) override;
  void flush() override;
  void set_pattern(const std::string& pattern) override;
  void set_formatter(std::unique_ptr<spdlog::formatter> formatter) override;

 private:
  static constexpr std::chrono::milliseconds gathered_within{10};
  static constexpr std::size_t bytes_max = 256 * 1024;

  void write_what_comes();
  void write(std::string_view bytes) const;

  const int file_;
  std::mutex writing_;  // taken before the other
  std::string written_;
  std::mutex mutex_;
  std::condition_variable came_;
  std::unique_ptr<spdlog::formatter> formatter_;
  spdlog::memory_buf_t line_;
  std::string gathered_;
  bool ending_ = false;
  std::thread writer_;
};

}  // namespace tamroi::telemetry
