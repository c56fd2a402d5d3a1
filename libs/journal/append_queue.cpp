#include "journal/append_queue.h"

#include <utility>

#include "base/check.h"

namespace tamroi::journal {

bool AppendQueue::put(Waiting waiting) {
  bool refused = false;
  {
    const std::scoped_lock lock(mutex_);
    CHECK(!stopped_);
    const std::size_t size = waiting.append.bytes.size();
    // Once one was refused, so is all that follows: an append must not overtake an earlier one of its caller unnoticed.
    refused = full(size);
    if (refused) {
      taken_.refused.push_back(std::move(waiting.completion));
    } else {
      bytes_ += size;
      taken_.batch.push_back(std::move(waiting));
    }
  }
  wake_.notify_one();
  return !refused;
}

bool AppendQueue::full(std::size_t next_bytes) const {
  return !taken_.refused.empty() || taken_.batch.size() >= limits_.appends_max || bytes_ + next_bytes > limits_.bytes_max;
}

Backlog AppendQueue::backlog() {
  const std::scoped_lock lock(mutex_);
  return {taken_.batch.size(), bytes_, full(0)};
}

void AppendQueue::stop() {
  {
    const std::scoped_lock lock(mutex_);
    stopped_ = true;
  }
  wake_.notify_one();
}

AppendQueue::Taken AppendQueue::take() {
  std::unique_lock lock(mutex_);
  wake_.wait(lock, [this] { return ready(); });
  return take_all();
}

AppendQueue::Taken AppendQueue::take_within(std::chrono::milliseconds time) {
  std::unique_lock lock(mutex_);
  wake_.wait_for(lock, time, [this] { return ready(); });
  return take_all();
}

AppendQueue::Taken AppendQueue::take_all() {
  bytes_ = 0;
  Taken all = std::exchange(taken_, {});
  all.stopped = stopped_;
  return all;
}

}  // namespace tamroi::journal
