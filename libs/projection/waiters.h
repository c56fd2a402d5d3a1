#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <thread>
#include <vector>

#include "event/record.h"

namespace tamroi::projection {

// Who waits for this node to have applied something: a position, or the copies of a control in every province.
//
// Invariants: each callback is called once: with true once it is reached, with false at its deadline or at stop().
// Threads:    any. Callbacks run on the thread that reached it, or on one of its own; they must be short.
class Waiters {
 public:
  using Clock = std::chrono::steady_clock;
  using Callback = std::function<void(bool reached)>;

  Waiters();
  ~Waiters();
  Waiters(const Waiters&) = delete;
  Waiters& operator=(const Waiters&) = delete;

  void wait_for(event::Position position, Clock::time_point deadline, Callback callback);
  void wait_for_control(std::uint64_t number, Clock::time_point deadline, Callback callback);
  void wait_for_ledger(event::Offset index, Clock::time_point deadline, Callback callback);

  // The stream has been applied up to `next`, exclusive; the copies of controls up to `number`, inclusive, everywhere.
  void advance(event::Stream stream, event::Offset next);
  void advance_controls(std::uint64_t number);
  // The ledger has been seen up to `next`, exclusive.
  void advance_ledger(event::Offset next) { reach(event::ledger_stream, next); }
  // Nobody waits beyond that time any more, whatever their deadline.
  void end_by(Clock::time_point last);
  // Whoever waits, or comes to wait, is told that it was not reached.
  void stop();

 private:
  struct Goal {
    event::Stream stream;  // checkpoints_stream, which nobody waits for: controls, `value` their number
    std::uint64_t value;
    auto operator<=>(const Goal&) const = default;
  };
  struct Waiting {
    Clock::time_point deadline;
    Callback callback;
  };
  void wait(Goal goal, Clock::time_point deadline, Callback callback);
  void reach(event::Stream stream, std::uint64_t value);
  void run();

  std::mutex mutex_;
  std::condition_variable wake_;
  std::multimap<Goal, Waiting> waiting_;
  std::map<event::Stream, std::uint64_t> reached_;
  Clock::time_point next_ = Clock::time_point::max();  // when the timer wakes by itself
  Clock::time_point last_ = Clock::time_point::max();  // of all deadlines
  bool stopped_ = false;
  std::thread timer_;
};

}  // namespace tamroi::projection
