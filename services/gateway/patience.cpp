#include "gateway/patience.h"

#include <utility>

namespace tamroi::gateway {

Patience::Patience(std::chrono::milliseconds lasts, Ended ended) : lasts_(lasts), ended_(std::move(ended)), thread_([this] { run(); }) {}

Patience::~Patience() {
  {
    const std::scoped_lock lock(mutex_);
    stopped_ = true;
  }
  wake_.notify_one();
  thread_.join();
}

void Patience::begin(std::shared_ptr<Waiting> waiting) {
  bool first = false;
  {
    const std::scoped_lock lock(mutex_);
    drop_settled();
    first = places_.empty();
    places_.push_back({Clock::now() + lasts_, std::move(waiting)});
  }
  if (first) wake_.notify_one();
}

void Patience::drop_settled() {
  while (!places_.empty() && places_.front().waiting->settled()) places_.pop_front();
}

void Patience::run() {
  std::unique_lock lock(mutex_);
  while (!stopped_) {
    drop_settled();
    if (places_.empty()) {
      wake_.wait(lock);
      continue;
    }
    const auto until = places_.front().until;
    if (Clock::now() < until) {
      wake_.wait_until(lock, until);
      continue;
    }
    const auto waiting = std::move(places_.front().waiting);
    places_.pop_front();
    lock.unlock();
    if (waiting->settle()) ended_(waiting);
    lock.lock();
  }
}

}  // namespace tamroi::gateway
