#include "projection/waiters.h"

#include <algorithm>
#include <iterator>

namespace tamroi::projection {
namespace {

constexpr auto controls = event::checkpoints_stream;

}  // namespace

Waiters::Waiters() : timer_([this] { run(); }) {}

Waiters::~Waiters() {
  stop();
  timer_.join();
}

void Waiters::wait_for(event::Position position, Clock::time_point deadline, Callback callback) {
  wait({position.stream, position.offset + 1}, deadline, std::move(callback));
}

void Waiters::wait_for_control(std::uint64_t number, Clock::time_point deadline, Callback callback) {
  wait({controls, number}, deadline, std::move(callback));
}

void Waiters::wait_for_ledger(event::Offset index, Clock::time_point deadline, Callback callback) {
  wait({event::ledger_stream, index + 1}, deadline, std::move(callback));
}

void Waiters::wait(Goal goal, Clock::time_point deadline, Callback callback) {
  bool reached = false;
  {
    const std::scoped_lock lock(mutex_);
    reached = reached_[goal.stream] >= goal.value;
    if (!reached && !stopped_) {
      waiting_.emplace(goal, Waiting{deadline, std::move(callback)});
      if (std::min(deadline, last_) < next_) wake_.notify_one();
      return;
    }
  }
  callback(reached);
}

void Waiters::advance(event::Stream stream, event::Offset next) { reach(stream, next); }
void Waiters::advance_controls(std::uint64_t number) { reach(controls, number); }

void Waiters::reach(event::Stream stream, std::uint64_t value) {
  std::vector<Callback> reached;
  {
    const std::scoped_lock lock(mutex_);
    auto& so_far = reached_[stream];
    if (value <= so_far) return;
    so_far = value;
    const auto first = waiting_.lower_bound({stream, 0});
    const auto last = waiting_.upper_bound({stream, value});
    for (auto each = first; each != last; ++each) reached.push_back(std::move(each->second.callback));
    waiting_.erase(first, last);
  }
  for (const auto& callback : reached) callback(true);
}

void Waiters::end_by(Clock::time_point last) {
  const std::scoped_lock lock(mutex_);
  last_ = last;
  wake_.notify_one();
}

void Waiters::stop() {
  const std::scoped_lock lock(mutex_);
  stopped_ = true;
  wake_.notify_one();
}

void Waiters::run() {
  std::unique_lock lock(mutex_);
  while (true) {
    std::vector<Callback> over;
    const auto now = Clock::now();
    next_ = Clock::time_point::max();
    for (auto each = waiting_.begin(); each != waiting_.end();) {
      const auto deadline = std::min(each->second.deadline, last_);
      if (stopped_ || deadline <= now) {
        over.push_back(std::move(each->second.callback));
        each = waiting_.erase(each);
      } else {
        next_ = std::min(next_, deadline);
        ++each;
      }
    }
    if (!over.empty()) {
      lock.unlock();
      for (const auto& callback : over) callback(false);
      lock.lock();
    } else if (stopped_) {
      return;
    } else if (next_ == Clock::time_point::max()) {
      wake_.wait(lock);
    } else {
      wake_.wait_until(lock, next_);
    }
  }
}

}  // namespace tamroi::projection
