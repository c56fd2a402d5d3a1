#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <vector>

#include "journal/journal.h"

namespace tamroi::journal {

struct Waiting {
  Append append;
  Journal::Completion completion;
};

// What waits for the writer.
//
// Threads: put() and stop() from any thread, take() from the writer's only.
// Limits:  appends_max appends and bytes_max bytes wait; what comes beyond them is refused, and so is what comes
//          after it, until the writer has taken what waits.
class AppendQueue {
 public:
  struct Taken {
    std::vector<Waiting> batch;
    std::vector<Journal::Completion> refused;  // never to be written
    bool stopped = false;
    [[nodiscard]] bool empty() const { return batch.empty() && refused.empty(); }
  };

  explicit AppendQueue(QueueLimits limits) : limits_(limits) {}

  // False where it is refused.
  [[nodiscard]] bool put(Waiting waiting);
  // No put() may follow.
  void stop();
  // All that waits; waits until something does or the queue was stopped.
  [[nodiscard]] Taken take();
  // The same, but waits no longer than `time`.
  [[nodiscard]] Taken take_within(std::chrono::milliseconds time);
  [[nodiscard]] Backlog backlog();
  // What waits now.
  [[nodiscard]] Taken take_now() { return take_within(std::chrono::milliseconds(0)); }

 private:
  [[nodiscard]] bool ready() const { return stopped_ || !taken_.empty(); }
  [[nodiscard]] bool full(std::size_t next_bytes) const;
  [[nodiscard]] Taken take_all();

  const QueueLimits limits_;
  std::mutex mutex_;
  std::condition_variable wake_;
  Taken taken_;
  std::size_t bytes_ = 0;
  bool stopped_ = false;
};

}  // namespace tamroi::journal
