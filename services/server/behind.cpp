#include "server/behind.h"

#include <algorithm>
#include <system_error>

#include <fmt/format.h>

namespace tamroi::server {
namespace {

constexpr std::chrono::seconds between_looks{1};
// The journal's keeper is asked once a second, and may take as long to answer.
constexpr std::chrono::seconds silence_begins{3};

}  // namespace

void Behind::start() {
  thread_ = std::thread([this] { run(); });
}

void Behind::stop() {
  {
    const std::scoped_lock lock(mutex_);
    stopped_ = true;
  }
  wake_.notify_one();
  if (thread_.joinable()) thread_.join();
}

Behind::Amount Behind::amount() const {
  const std::scoped_lock lock(mutex_);
  return amount_;
}

std::string Behind::told() const {
  if (!is_behind_) return {};
  const auto now = amount();
  return fmt::format("records={}, seconds={}", now.records, now.seconds);
}

void Behind::run() {
  std::unique_lock lock(mutex_);
  while (!stopped_) {
    lock.unlock();
    const auto found = look();
    lock.lock();
    amount_ = found;
    is_behind_ = found.seconds > 0;
    wake_.wait_for(lock, between_looks, [this] { return stopped_; });
  }
}

Behind::Amount Behind::look() {
  auto& journal = projection_.journal();
  Amount found;
  event::Position oldest;
  event::Offset most = 0;
  const auto look_at = [&](event::Stream stream, event::Offset next) {
    const auto end = journal.end(stream);
    if (end <= next) return;
    found.records += end - next;
    if (end - next <= most) return;
    most = end - next;
    oldest = {stream, next};
  };
  look_at(event::control_stream, projection_.control().next());
  for (const auto* province : projection_.provinces()) look_at(province->stream(), province->view()->next);
  if (const auto unheard = journal.unheard(); unheard >= silence_begins) {
    found.seconds = std::chrono::duration_cast<std::chrono::seconds>(unheard).count();
  }
  if (found.records == 0) return found;
  try {
    // Of the stream that has most to be applied, not of each: it is about how old what is shown is.
    const auto entries = journal.read(oldest.stream, oldest.offset, 1, 0);
    if (!entries.empty()) found.seconds = std::max(found.seconds, (clock_.now().micros - entries.front().time.micros) / 1'000'000);
  } catch (const std::system_error&) {
    // What cannot be read has no age; how much there is of it is told.
  }
  return found;
}

}  // namespace tamroi::server
