#include "http/rate_limits.h"

#include <boost/asio/ip/address.hpp>

#include <algorithm>
#include <cmath>

namespace tamroi::http {
namespace {

using std::chrono::nanoseconds;

// Looking through all buckets costs more than one request should, so it is not done at each.
constexpr std::chrono::seconds between_sweeps{1};

nanoseconds filled_in(double tokens, const Rate& rate) {
  return nanoseconds(static_cast<std::int64_t>(std::ceil(tokens / rate.per_second * 1e9)));
}

}  // namespace

std::optional<nanoseconds> TokenBucket::take(Time now, const Rate& rate) {
  const Time full_after = std::max(full_at_, now) + filled_in(1, rate);
  const Time full_at_latest = now + filled_in(std::max(rate.burst, 1.0), rate);
  if (full_after > full_at_latest) return full_after - full_at_latest;
  full_at_ = full_after;
  return std::nullopt;
}

std::optional<int> RateLimits::take(const std::string& key, TokenBucket::Time now) {
  if (rate_.unlimited()) return std::nullopt;
  const std::lock_guard lock(mutex_);
  const auto wait = bucket_of(key, now).take(now, rate_);
  if (!wait) return std::nullopt;
  return static_cast<int>(std::chrono::ceil<std::chrono::seconds>(*wait).count());
}

TokenBucket& RateLimits::bucket_of(const std::string& key, TokenBucket::Time now) {
  const auto known = buckets_.find(key);
  if (known != buckets_.end()) return known->second;
  if (buckets_.size() >= keys_max_ && now - between_sweeps >= swept_at_) {
    std::erase_if(buckets_, [now](const auto& each) { return each.second.full(now); });
    swept_at_ = now;
  }
  return buckets_.size() < keys_max_ ? buckets_[key] : shared_;
}

std::size_t RateLimits::keys() {
  const std::lock_guard lock(mutex_);
  return buckets_.size();
}

std::string subscriber_of(const std::string& address) {
  boost::system::error_code error;
  const auto parsed = boost::asio::ip::make_address(address, error);
  if (error || !parsed.is_v6()) return address;
  auto bytes = parsed.to_v6().to_bytes();
  std::fill(bytes.begin() + 8, bytes.end(), std::uint8_t{0});
  return boost::asio::ip::make_address_v6(bytes).to_string();
}

}  // namespace tamroi::http
