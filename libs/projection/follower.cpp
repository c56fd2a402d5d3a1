#include "projection/follower.h"

#include <utility>

namespace tamroi::projection {
namespace {

constexpr std::chrono::milliseconds pause_after_failure{500};

}  // namespace

FollowerPool::FollowerPool(std::size_t threads, telemetry::Log& log, Failed failed) : log_(log), failed_(std::move(failed)) {
  for (std::size_t i = 0; i < threads; ++i) threads_.emplace_back([this] { run(); });
}

FollowerPool::~FollowerPool() { stop(); }

void FollowerPool::mark(Follower& follower) {
  const std::scoped_lock lock(mutex_);
  auto& state = states_[&follower];
  if (state == State::Running) state = State::Again;
  if (state != State::Idle) return;
  state = State::Queued;
  ++busy_;
  queue_.push_back(&follower);
  wake_.notify_one();
}

bool FollowerPool::idle() {
  const std::scoped_lock lock(mutex_);
  return busy_ == 0;
}

void FollowerPool::pause() {
  std::unique_lock lock(mutex_);
  paused_ = true;
  wake_.wait(lock, [this] { return running_ == 0; });
}

void FollowerPool::resume() {
  const std::scoped_lock lock(mutex_);
  paused_ = false;
  wake_.notify_all();
}

void FollowerPool::stop() {
  {
    const std::scoped_lock lock(mutex_);
    stopped_ = true;
    wake_.notify_all();
  }
  for (auto& thread : threads_) {
    if (thread.joinable()) thread.join();
  }
}

void FollowerPool::run() {
  std::unique_lock lock(mutex_);
  while (!stopped_) {
    if (paused_) {
      wake_.wait(lock);
      continue;
    }
    while (!later_.empty() && later_.begin()->first <= Clock::now()) {
      queue_.push_back(later_.begin()->second);
      later_.erase(later_.begin());
    }
    if (!queue_.empty()) {
      auto& follower = *queue_.front();
      queue_.pop_front();
      run_one(follower, lock);
    } else if (!later_.empty()) {
      wake_.wait_until(lock, later_.begin()->first);
    } else {
      wake_.wait(lock);
    }
  }
}

void FollowerPool::run_one(Follower& follower, std::unique_lock<std::mutex>& lock) {
  states_[&follower] = State::Running;
  ++running_;
  lock.unlock();
  bool more = false;
  bool failed = false;
  try {
    more = follower.advance();
  } catch (const std::system_error& failure) {
    failed = true;
    log_.error("stream waits", {{"stream", event::to_string(follower.stream())}, {"why", failure.what()}});
    failed_(failure);
  }
  lock.lock();
  --running_;
  if (paused_) wake_.notify_all();
  auto& state = states_[&follower];
  if (failed) {
    state = State::Queued;
    later_.emplace(Clock::now() + pause_after_failure, &follower);
  } else if (more || state == State::Again) {
    state = State::Queued;
    queue_.push_back(&follower);
    wake_.notify_one();
  } else {
    state = State::Idle;
    --busy_;
  }
}

}  // namespace tamroi::projection
