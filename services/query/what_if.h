#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <thread>

#include "catalogue/bundle.h"
#include "http/handler.h"
#include "http/router.h"
#include "projection/projection.h"

namespace tamroi::query {

// Scores the real history under a draft of a catalogue, and tells what would move; nothing is written. The streams are read
// anew, one province after the other, on a thread of its own.
//
// Threads: ask() from any; one draft at a time, the next is asked to come again.
class WhatIf {
 public:
  WhatIf(projection::Projection& projection, telemetry::Log& log) : projection_(projection), log_(log) {}
  ~WhatIf() { stop(); }
  WhatIf(const WhatIf&) = delete;
  WhatIf& operator=(const WhatIf&) = delete;

  void ask(http::Request request, http::Responder respond);
  void stop();

 private:
  struct Asked;
  [[nodiscard]] http::Response answer(const Asked& asked);

  projection::Projection& projection_;
  telemetry::Log& log_;
  std::mutex mutex_;
  std::thread thread_;
  std::atomic<bool> busy_ = false;
  std::atomic<bool> stopped_ = false;
};

}  // namespace tamroi::query
