#pragma once

#include <chrono>
#include <string>

#include "projection/clock.h"
#include "projection/projection.h"

namespace tamroi::feed {

// Whether an account may still read on: since it began it was not revoked, granted anew, or expired.
//
// Threads: one at a time.
class Access {
 public:
  using Time = std::chrono::steady_clock::time_point;

  Access(const projection::Projection& projection, projection::Clock& clock, std::string account);

  // `controls` are those applied by now: where there are no more than before, it is looked at again after a while only,
  // for the expiry.
  [[nodiscard]] bool holds(event::Offset controls, Time now);

 private:
  [[nodiscard]] bool look() const;

  const projection::Projection* projection_;
  projection::Clock* clock_;
  std::string account_;
  event::Position granted_;
  event::Offset controls_ = 0;
  Time again_;
};

}  // namespace tamroi::feed
