#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <mutex>

namespace tamroi::http {

class Session;

// The sessions of one thread for which parts of streams have come. They take turns with everything else that the thread
// does: a part for thousands of readers would hold up requests for as long as it takes to write to all.
//
// Threads: join() from any; take() from the one.
class Turns {
 public:
  // `call` sees to it that take() is called soon.
  explicit Turns(std::function<void()> call) : call_(std::move(call)) {}

  void join(std::weak_ptr<Session> session);
  // Serves a few, and calls for the next turn if there are more.
  void take();

 private:
  static constexpr std::size_t at_a_time = 32;

  std::function<void()> call_;
  std::mutex mutex_;
  std::deque<std::weak_ptr<Session>> waiting_;
  bool called_ = false;
};

}  // namespace tamroi::http
