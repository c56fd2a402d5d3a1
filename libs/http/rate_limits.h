#pragma once

#include <chrono>
#include <cstddef>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

namespace tamroi::http {

// How often something may be done: `per_second` in the long run, `burst` at once. Nothing per second: without limit.
struct Rate {
  double per_second = 0;
  double burst = 1;
  [[nodiscard]] bool unlimited() const { return per_second <= 0; }
  bool operator==(const Rate&) const = default;
};

// A bucket that fills at a rate up to a burst, and of which each request takes one token; kept as the one time at which
// it is full again.
class TokenBucket {
 public:
  using Time = std::chrono::steady_clock::time_point;

  // Takes a token; how long until there is one where there is none.
  [[nodiscard]] std::optional<std::chrono::nanoseconds> take(Time now, const Rate& rate);
  // As good as new.
  [[nodiscard]] bool full(Time now) const { return full_at_ <= now; }

 private:
  Time full_at_ = Time::min();
};

// A bucket for each key, such as an address or an account.
//
// Threads: any.
// Limits:  keys_max buckets; whoever comes when all are in use shares one with others who do.
class RateLimits {
 public:
  explicit RateLimits(Rate rate, std::size_t keys_max = 100'000) : rate_(rate), keys_max_(keys_max) {}

  // Nothing if it may go on; otherwise in how many seconds it may come again, at least one.
  [[nodiscard]] std::optional<int> take(const std::string& key, TokenBucket::Time now);
  [[nodiscard]] std::size_t keys();

 private:
  [[nodiscard]] TokenBucket& bucket_of(const std::string& key, TokenBucket::Time now);

  const Rate rate_;
  const std::size_t keys_max_;
  std::mutex mutex_;
  std::unordered_map<std::string, TokenBucket> buckets_;
  TokenBucket shared_;
  TokenBucket::Time swept_at_ = TokenBucket::Time::min();
};

// What of an address counts for a limit: a subscriber of IPv6 has a whole /64.
[[nodiscard]] std::string subscriber_of(const std::string& address);

}  // namespace tamroi::http
