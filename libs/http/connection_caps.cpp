#include "http/connection_caps.h"

#include "base/check.h"

namespace tamroi::http {

ConnectionCaps::Verdict ConnectionCaps::enter(const std::string& address, std::size_t in_all_max,
                                              std::size_t of_address_max) {
  const std::lock_guard lock(mutex_);
  if (in_all_ >= in_all_max) return Verdict::TooManyInAll;
  const auto known = of_address_.find(address);
  if ((known == of_address_.end() ? 0 : known->second) >= of_address_max) return Verdict::TooManyOfAddress;
  ++in_all_;
  ++of_address_[address];
  return Verdict::Taken;
}

void ConnectionCaps::leave(const std::string& address) {
  const std::lock_guard lock(mutex_);
  const auto known = of_address_.find(address);
  CHECK(known != of_address_.end() && in_all_ > 0);
  if (--known->second == 0) of_address_.erase(known);
  if (--in_all_ == 0) empty_.notify_all();
}

bool ConnectionCaps::wait_until_empty(std::chrono::milliseconds bound) {
  std::unique_lock lock(mutex_);
  return empty_.wait_for(lock, bound, [this] { return in_all_ == 0; });
}

}  // namespace tamroi::http
