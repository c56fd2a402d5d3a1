#include "server/read_model_keeper.h"

#include <stdexcept>

#include "projection/companion.h"

namespace tamroi::server {
namespace {

constexpr std::chrono::milliseconds pause_between_tries{500};
constexpr std::chrono::seconds pause_between_lines{10};

}  // namespace

ReadModelKeeper::ReadModelKeeper(projection::Projection& projection, readmodel::SwitchedReadModel& model, telemetry::Log& log,
                                 telemetry::Metrics& metrics, Open open)
    : projection_(projection), model_(model), log_(log),
      failures_counter_(metrics.counter("tamroi_readmodel_failures_total", "How often it failed and had to be opened again.")),
      open_gauge_(metrics.gauge("tamroi_readmodel_open", "Whether it can be read and written.")), open_(std::move(open)) {
  open_gauge_.set(1);
  projection_.on_model_failure([this](const auto& failure) { failed(failure.what()); });
}

void ReadModelKeeper::start() { thread_ = std::thread([this] { run(); }); }

void ReadModelKeeper::stop() {
  {
    const std::scoped_lock lock(mutex_);
    stopped_ = true;
    wake_.notify_all();
  }
  if (thread_.joinable()) thread_.join();
}

std::string ReadModelKeeper::failure() const {
  const std::scoped_lock lock(mutex_);
  return failure_;
}

// Of many streams; the first says why.
void ReadModelKeeper::failed(const std::string& why) {
  const std::scoped_lock lock(mutex_);
  if (!failure_.empty()) return;
  failure_ = why;
  failures_counter_.add();
  open_gauge_.set(0);
  wake_.notify_all();
}

void ReadModelKeeper::run() {
  std::unique_lock lock(mutex_);
  while (true) {
    wake_.wait(lock, [this] { return stopped_ || !failure_.empty(); });
    if (stopped_) return;
    lock.unlock();
    try {
      projection_.reopen_read_model([this] { replace(); });
    } catch (const std::exception& stopped) {
      log_.warning("read model stays closed", {{"why", stopped.what()}});
    }
    lock.lock();
  }
}

void ReadModelKeeper::replace() {
  model_.close();
  while (wait_until(tried_at_ + pause_between_tries)) {
    tried_at_ = Clock::now();
    try {
      return open_and_use();
    } catch (const std::exception& failure) {
      {
        const std::scoped_lock lock(mutex_);
        failure_ = failure.what();
      }
      if (tried_at_ < tell_of_at_) continue;
      tell_of_at_ = tried_at_ + pause_between_lines;
      log_.error("read model cannot be opened", {{"why", failure.what()}});
    }
  }
  throw std::runtime_error("the server is being stopped");
}

void ReadModelKeeper::open_and_use() {
  auto model = open_();
  {
    projection::Companion companion(projection_.journal(), *model, log_, projection_.follows());
    companion.catch_up();
  }
  if (!projection_.reached_by(*model)) throw std::runtime_error("a stream stopped before it had come as far as it was before; see the log");
  model_.use(std::move(model));
  {
    const std::scoped_lock lock(mutex_);
    failure_.clear();
  }
  open_gauge_.set(1);
  log_.warning("read model is open again", {});
}

bool ReadModelKeeper::wait_until(Clock::time_point time) {
  std::unique_lock lock(mutex_);
  return !wake_.wait_until(lock, time, [this] { return stopped_; });
}

}  // namespace tamroi::server
