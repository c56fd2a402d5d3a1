#pragma once

#include <condition_variable>
#include <filesystem>
#include <map>
#include <mutex>
#include <string>
#include <thread>

#include "journal/journal.h"
#include "telemetry/log.h"

namespace tamroi::setup {

// Where the journal's streams ended, kept in a second place (libs/journal/KEYS.md): a journal that lost its tail looks
// whole by itself.
//
// Invariants: the file never says more than the journal made durable; at most a second behind while it is written to.
// Threads:    one of its own.
// Errors:     a file that cannot be written is told of in the log and tried again: nothing waits for it.
class Heads {
 public:
  struct Head {
    event::Offset end = 0;      // after the last record
    std::string record_sha256;  // of the last record, in hex
    bool operator==(const Head&) const = default;
  };

  // Compares the file with the journal, which must outlive it. Throws std::runtime_error with a sentence where the
  // journal ends before its head, has another record there, or where the file cannot be read.
  Heads(std::filesystem::path file, journal::Journal& journal, telemetry::Log& log);
  ~Heads();
  Heads(const Heads&) = delete;
  Heads& operator=(const Heads&) = delete;

  void start();
  // Writes what the journal holds by then.
  void stop();
  // Now, if a stream moved since; false where that failed.
  bool write();

 private:
  void run();
  void compare();
  void advance();

  const std::filesystem::path file_;
  journal::Journal& journal_;
  telemetry::Log& log_;
  std::map<event::Stream, Head> heads_;
  bool moved_ = false;  // since the file was written

  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopped_ = false;
  std::thread thread_;
};

}  // namespace tamroi::setup
