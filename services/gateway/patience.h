#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>

namespace tamroi::gateway {

// Somebody who waits for the journal. Whoever settles it first, the journal or the end of patience, answers.
class Waiting {
 public:
  // True for the first who asks.
  [[nodiscard]] bool settle() { return !settled_.exchange(true); }
  [[nodiscard]] bool settled() const { return settled_; }

 private:
  std::atomic<bool> settled_ = false;
};

// Ends the waiting of those whom the journal has not told anything for too long: all wait equally long, so they are looked
// at in the order in which they began.
//
// Threads: begin() from any; `ended` is called on a thread of its own.
// Limits:  keeps who was settled no longer than until those before them are.
class Patience {
 public:
  using Ended = std::function<void(const std::shared_ptr<Waiting>& waiting)>;
  Patience(std::chrono::milliseconds lasts, Ended ended);
  ~Patience();
  Patience(const Patience&) = delete;
  Patience& operator=(const Patience&) = delete;

  void begin(std::shared_ptr<Waiting> waiting);

 private:
  using Clock = std::chrono::steady_clock;
  struct Place {
    Clock::time_point until;
    std::shared_ptr<Waiting> waiting;
  };
  void run();
  void drop_settled();

  const std::chrono::milliseconds lasts_;
  const Ended ended_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Place> places_;
  bool stopped_ = false;
  std::thread thread_;
};

}  // namespace tamroi::gateway
