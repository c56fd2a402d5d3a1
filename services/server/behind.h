#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <string>
#include <thread>

#include "projection/clock.h"
#include "projection/projection.h"

namespace tamroi::server {

// How far what is shown is behind what was taken anywhere, looked at once a second.
//
// Threads: one of its own; the rest from any.
class Behind {
 public:
  struct Amount {
    std::uint64_t records = 0;  // known to be in the journal, and not applied
    std::int64_t seconds = 0;   // age of the oldest of them, or for how long nobody has told of more, whichever is longer
    bool operator==(const Amount&) const = default;
  };

  // The references must outlive it.
  Behind(projection::Projection& projection, projection::Clock& clock) : projection_(projection), clock_(clock) {}
  ~Behind() { stop(); }
  Behind(const Behind&) = delete;
  Behind& operator=(const Behind&) = delete;

  void start();
  void stop();
  [[nodiscard]] Amount amount() const;
  // "records=3, seconds=12", as a header says it; empty where that is less than a second.
  [[nodiscard]] std::string told() const;

 private:
  void run();
  [[nodiscard]] Amount look();

  projection::Projection& projection_;
  projection::Clock& clock_;
  std::atomic<bool> is_behind_ = false;
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  Amount amount_;
  bool stopped_ = false;
  std::thread thread_;
};

}  // namespace tamroi::server
