#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <set>

#include "projection/clock.h"

namespace tamroi::projection {

// The times that this node's records are received at, given out by its clock, so that it is known of which time a record
// can still come.
//
// Invariants: what all_after() said stays so: later stamps are later, also where the clock was set back meanwhile. (Set back
//             while the server was down, it may give a time again.)
// Threads:    any.
class Stamps {
 public:
  // The clock must outlive it.
  explicit Stamps(Clock& clock) : clock_(clock), given_(std::make_shared<Given>()) {}

  // Held from before the record is appended until that is over.
  class Held;
  using Stamp = std::shared_ptr<const Held>;
  [[nodiscard]] Stamp take();
  // The same at a time that a simulated clock is moved to; null where it cannot be.
  [[nodiscard]] Stamp take_at(base::Instant time);

  // Whether every record of that time or before that this node stamps, ever, was appended already.
  [[nodiscard]] bool all_after(base::Instant time);

  [[nodiscard]] Clock& clock() { return clock_; }

 private:
  struct Given {
    std::mutex mutex;
    std::multiset<base::Instant> held;
    base::Instant least;  // of stamps to come
  };
  Clock& clock_;
  const std::shared_ptr<Given> given_;
};

class Stamps::Held {
 public:
  Held(std::shared_ptr<Given> given, base::Instant time) : time(time), given_(std::move(given)), place_(given_->held.insert(time)) {}
  Held(const Held&) = delete;
  Held& operator=(const Held&) = delete;
  ~Held() {
    const std::scoped_lock lock(given_->mutex);
    given_->held.erase(place_);
  }
  const base::Instant time;

 private:
  const std::shared_ptr<Given> given_;
  const std::multiset<base::Instant>::iterator place_;
};

}  // namespace tamroi::projection
