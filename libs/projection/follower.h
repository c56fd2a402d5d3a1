#pragma once

#include <condition_variable>
#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

#include "event/record.h"
#include "telemetry/log.h"

namespace tamroi::projection {

// Why a stream is not followed any further, and from where.
struct Stopped {
  event::Offset at = 0;
  std::string why;
  std::string record_sha256 = {};  // of a record that cannot be folded: what a quarantine of it must name
};

// Follows one stream of the journal.
class Follower {
 public:
  Follower() = default;
  Follower(const Follower&) = delete;
  Follower& operator=(const Follower&) = delete;
  virtual ~Follower() = default;
  [[nodiscard]] virtual event::Stream stream() const = 0;
  // Applies a batch of what is there; whether more may be. Called by one thread at a time.
  // Errors: std::system_error of the journal or the read model: it is called again after a pause.
  virtual bool advance() = 0;
};

// Runs followers on a few threads: one that was marked is called until it has nothing left to do.
//
// Threads: mark() from any; a follower must outlive the pool.
class FollowerPool {
 public:
  // `failed` is told of each failure of a follower, on the follower's thread; it must be short.
  using Failed = std::function<void(const std::system_error& failure)>;
  FollowerPool(std::size_t threads, telemetry::Log& log, Failed failed);
  ~FollowerPool();
  FollowerPool(const FollowerPool&) = delete;
  FollowerPool& operator=(const FollowerPool&) = delete;

  // There may be something new for it.
  void mark(Follower& follower);
  // No follower runs or waits to run.
  [[nodiscard]] bool idle();
  // Waits for the batches that are being applied, and begins no other until resume().
  void pause();
  void resume();
  // Ends after the batches that are being applied.
  void stop();

 private:
  using Clock = std::chrono::steady_clock;
  enum class State : std::uint8_t { Idle, Queued, Running, Again };
  void run();
  void run_one(Follower& follower, std::unique_lock<std::mutex>& lock);

  telemetry::Log& log_;
  const Failed failed_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Follower*> queue_;
  std::multimap<Clock::time_point, Follower*> later_;  // after a failure
  std::map<Follower*, State> states_;
  std::size_t busy_ = 0;  // not Idle
  std::size_t running_ = 0;
  bool paused_ = false;
  bool stopped_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace tamroi::projection
