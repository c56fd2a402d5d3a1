#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "access/access_files.h"
#include "telemetry/log.h"
#include "telemetry/metrics.h"

namespace tamroi::access {

// Who looked at what and when, and who used what: a file that is only ever appended to, each line with the hash of the one
// before, so that none can be changed or taken out of the middle unseen. Where it ends, its readers must know: see head().
//
// Invariants: lines are dense from 0 and in the order of note(); a new file goes on where the one before ended.
// Threads:    any; one of its own writes: whatever waits, in one write and one fdatasync, so that no reader waits for a disk.
//             What was noted less than that ago is lost where the machine stops.
// Errors:     where nothing can be written it is tried again, and what was noted waits; beyond waiting_max note() says no, so
//             that nothing is looked at without a trace. Opening and reading throw std::system_error.
class AccessLog {
 public:
  struct Options {
    std::filesystem::path folder;
    std::uint64_t file_bytes_max = std::uint64_t{64} << 20;  // then another begins
    std::size_t waiting_max = 16'384;
  };
  // Makes the folder where it is absent; cuts a last line that an end of the machine tore.
  AccessLog(Options options, telemetry::Log& log, telemetry::Metrics& metrics);
  // Writes what waits, if that can be.
  ~AccessLog();
  AccessLog(const AccessLog&) = delete;
  AccessLog& operator=(const AccessLog&) = delete;

  // False where too many wait: whatever it is, it is not to be done.
  [[nodiscard]] bool note(Access access);
  // Waits until all that was noted is on the disk; false where it could not be written by then.
  [[nodiscard]] bool settle(std::chrono::milliseconds within);
  // Of what is on the disk.
  [[nodiscard]] Head head() const;
  // Whole lines from a number on, as they are written.
  [[nodiscard]] std::vector<std::string> read(std::uint64_t from, std::size_t count) const;
  // Why nothing can be written just now; empty where it can.
  [[nodiscard]] std::string trouble() const;
  // Copies what is on the disk into a folder that is not there yet.
  void copy_to(const std::filesystem::path& folder);

 private:
  class File;
  void run();
  void open();
  // Adds those, which are the first that wait, and makes them durable.
  void write(const std::vector<Access>& batch);

  const Options options_;
  telemetry::Log& log_;
  telemetry::Counter lines_counter_;
  telemetry::Counter failures_counter_;
  telemetry::Gauge waiting_gauge_;

  std::unique_ptr<File> file_;  // the writer's own; null after a failure
  Head written_;                // the writer's own: of what was handed to the file
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Access> waiting_;
  Head head_;
  std::string trouble_;
  bool stopped_ = false;
  std::thread thread_;
};

}  // namespace tamroi::access
