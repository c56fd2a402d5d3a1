#pragma once

#include <filesystem>
#include <mutex>
#include <span>
#include <string>

#include "telemetry/log.h"
#include "telemetry/metrics.h"

namespace tamroi::projection {

// Keeps what shows that the log was two: a file each, with a sentence and the notes that contradict one another, in a folder
// that nobody else writes. What lies there is an alarm until it is taken away.
//
// Threads: any.
// Errors:  what cannot be written is in the log, whole, and tried again when it is found again.
class Evidence {
 public:
  Evidence(std::filesystem::path folder, telemetry::Log& log, telemetry::Metrics& metrics);

  // The same is kept once.
  void keep(const std::string& why, std::span<const std::string> notes);
  // A sentence while there is any, otherwise empty.
  [[nodiscard]] std::string trouble();

 private:
  [[nodiscard]] std::size_t count() const;

  const std::filesystem::path folder_;
  telemetry::Log& log_;
  telemetry::Gauge found_gauge_;
  std::mutex mutex_;
};

}  // namespace tamroi::projection
