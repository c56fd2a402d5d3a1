#pragma once

#include <functional>
#include <memory>

#include "base/time.h"

namespace tamroi::projection {

// What time it is, for those who stamp records and those who wait for a time.
//
// Threads: any; on_move before the first move.
class Clock {
 public:
  Clock() = default;
  Clock(const Clock&) = delete;
  Clock& operator=(const Clock&) = delete;
  virtual ~Clock() = default;
  [[nodiscard]] virtual base::Instant now() = 0;
  [[nodiscard]] virtual bool simulated() const = 0;
  // Of a simulated clock: it stands at `time` and runs on from there. False where it was moved to a later time before;
  // of a real clock always.
  [[nodiscard]] virtual bool move_to(base::Instant time) = 0;
  // No earlier time is given from now on, as far as the clock goes: it was moved there, or it is now.
  [[nodiscard]] virtual base::Instant reached() = 0;
  // Called after each move.
  virtual void on_move(std::function<void()> moved) = 0;
};

[[nodiscard]] std::unique_ptr<Clock> make_real_clock();
// Starts at `start` (architecture.md, section 6).
[[nodiscard]] std::unique_ptr<Clock> make_simulated_clock(base::Instant start);

}  // namespace tamroi::projection
