#include "projection/clock.h"

#include <chrono>
#include <mutex>

namespace tamroi::projection {
namespace {

using std::chrono::duration_cast;
using std::chrono::microseconds;

class RealClock final : public Clock {
 public:
  base::Instant now() override {
    return {duration_cast<microseconds>(std::chrono::system_clock::now().time_since_epoch()).count()};
  }
  [[nodiscard]] bool simulated() const override { return false; }
  base::Instant reached() override { return now(); }
  bool move_to(base::Instant) override { return false; }
  void on_move(std::function<void()>) override {}
};

class SimulatedClock final : public Clock {
 public:
  explicit SimulatedClock(base::Instant start) : latest_(start) {}

  base::Instant now() override {
    const std::scoped_lock lock(mutex_);
    return {latest_.micros + duration_cast<microseconds>(std::chrono::steady_clock::now() - since_).count()};
  }
  [[nodiscard]] bool simulated() const override { return true; }
  base::Instant reached() override {
    const std::scoped_lock lock(mutex_);
    return latest_;
  }
  bool move_to(base::Instant time) override {
    {
      const std::scoped_lock lock(mutex_);
      if (time < latest_) return false;
      latest_ = time;
      since_ = std::chrono::steady_clock::now();
    }
    if (moved_) moved_();
    return true;
  }
  void on_move(std::function<void()> moved) override { moved_ = std::move(moved); }

 private:
  std::mutex mutex_;
  base::Instant latest_;
  std::chrono::steady_clock::time_point since_ = std::chrono::steady_clock::now();
  std::function<void()> moved_;
};

}  // namespace

std::unique_ptr<Clock> make_real_clock() { return std::make_unique<RealClock>(); }
std::unique_ptr<Clock> make_simulated_clock(base::Instant start) { return std::make_unique<SimulatedClock>(start); }

}  // namespace tamroi::projection
