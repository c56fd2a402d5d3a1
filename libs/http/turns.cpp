#include "http/turns.h"

#include "http/session.h"

#include <algorithm>
#include <iterator>
#include <vector>

namespace tamroi::http {

void Turns::join(std::weak_ptr<Session> session) {
  const std::lock_guard lock(mutex_);
  waiting_.push_back(std::move(session));
  if (!std::exchange(called_, true)) call_();
}

void Turns::take() {
  std::vector<std::weak_ptr<Session>> some;
  {
    const std::lock_guard lock(mutex_);
    const auto end = waiting_.begin() + static_cast<std::ptrdiff_t>(std::min(at_a_time, waiting_.size()));
    std::move(waiting_.begin(), end, std::back_inserter(some));
    waiting_.erase(waiting_.begin(), end);
  }
  for (const auto& each : some) {
    if (const auto session = each.lock()) session->mail_came();
  }
  const std::lock_guard lock(mutex_);
  called_ = !waiting_.empty();
  if (called_) call_();
}

}  // namespace tamroi::http
