#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "journal/journal.h"
#include "projection/projection.h"
#include "readmodel/switched_read_model.h"
#include "telemetry/log.h"
#include "telemetry/metrics.h"

namespace tamroi::server {

// After a failed write a database takes no other until it is opened anew. So the read model is closed then, opened again,
// brought up to the journal, and only then read and folded into again: what was shown never goes back.
//
// Threads: one of its own; the rest from any.
class ReadModelKeeper {
 public:
  // `open` opens the generation that is served. The references must outlive it.
  using Open = std::function<std::unique_ptr<readmodel::ReadModel>()>;
  ReadModelKeeper(projection::Projection& projection, readmodel::SwitchedReadModel& model, telemetry::Log& log, telemetry::Metrics& metrics, Open open);
  ~ReadModelKeeper() { stop(); }
  ReadModelKeeper(const ReadModelKeeper&) = delete;
  ReadModelKeeper& operator=(const ReadModelKeeper&) = delete;

  void start();
  void stop();
  // Why it can be neither read nor written just now; empty where it can.
  [[nodiscard]] std::string failure() const;

 private:
  using Clock = std::chrono::steady_clock;
  void failed(const std::string& why);
  void run();
  // Tries until one is open, then has it used; throws where the server is stopped before.
  void replace();
  void open_and_use();
  // False where it was stopped meanwhile.
  bool wait_until(Clock::time_point time);

  projection::Projection& projection_;
  readmodel::SwitchedReadModel& model_;
  telemetry::Log& log_;
  telemetry::Counter failures_counter_;
  telemetry::Gauge open_gauge_;
  const Open open_;

  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::string failure_;
  bool stopped_ = false;
  Clock::time_point tried_at_{};   // its own thread's
  Clock::time_point tell_of_at_{};  // its own thread's: no failure to open is told of before
  std::thread thread_;
};

}  // namespace tamroi::server
