#include "http/rate_limits.h"

#include <catch2/catch_test_macros.hpp>

namespace tamroi::http {
namespace {

using namespace std::chrono_literals;
using Time = TokenBucket::Time;

int taken_at_once(TokenBucket& bucket, Time now, const Rate& rate) {
  int taken = 0;
  while (!bucket.take(now, rate)) ++taken;
  return taken;
}

TEST_CASE("a bucket gives its burst at once, then as fast as it fills, and never holds more than the burst") {
  const Rate rate{.per_second = 10, .burst = 5};
  TokenBucket bucket;
  const Time start(100s);
  CHECK(taken_at_once(bucket, start, rate) == 5);
  CHECK(bucket.take(start, rate) == 100ms);
  CHECK(bucket.take(start + 60ms, rate) == 40ms);
  CHECK(taken_at_once(bucket, start + 99ms, rate) == 0);
  CHECK(taken_at_once(bucket, start + 100ms, rate) == 1);
  CHECK(taken_at_once(bucket, start + 350ms, rate) == 2);
  CHECK_FALSE(bucket.full(start + 700ms));
  CHECK(bucket.full(start + 1s));
  CHECK(taken_at_once(bucket, start + 1h, rate) == 5);
}

TEST_CASE("a burst below one still lets one through at a time") {
  const Rate rate{.per_second = 0.5, .burst = 0};
  TokenBucket bucket;
  CHECK(taken_at_once(bucket, Time(1s), rate) == 1);
  CHECK(bucket.take(Time(1s), rate) == 2s);
  CHECK_FALSE(bucket.take(Time(3s), rate));
}

TEST_CASE("each key has its own bucket, and who is refused learns in how many whole seconds to come again") {
  RateLimits limits({.per_second = 0.4, .burst = 1});
  CHECK_FALSE(limits.take("a", Time(1s)));
  CHECK(limits.take("a", Time(1s)) == 3);
  CHECK(limits.take("a", Time(3400ms)) == 1);
  CHECK_FALSE(limits.take("b", Time(1s)));
}

TEST_CASE("a rate of nothing a second is no limit and takes no memory") {
  RateLimits limits({.per_second = 0, .burst = 1});
  for (int i = 0; i < 1000; ++i) CHECK_FALSE(limits.take(std::to_string(i), Time(1s)));
  CHECK(limits.keys() == 0);
}

TEST_CASE("keys beyond the most share one bucket, until full ones are forgotten") {
  RateLimits limits({.per_second = 1, .burst = 1}, 2);
  CHECK_FALSE(limits.take("a", Time(10s)));
  CHECK_FALSE(limits.take("b", Time(10s)));
  CHECK_FALSE(limits.take("c", Time(10s)));
  CHECK(limits.take("d", Time(10s)) == 1);
  CHECK(limits.take("a", Time(10s)) == 1);
  CHECK(limits.keys() == 2);
  CHECK_FALSE(limits.take("e", Time(12s)));
  CHECK(limits.keys() == 1);
}

TEST_CASE("of an IPv6 address the network counts, of any other address all of it") {
  CHECK(subscriber_of("203.0.113.7") == "203.0.113.7");
  CHECK(subscriber_of("2001:db8:1:2:3:4:5:6") == "2001:db8:1:2::");
  CHECK(subscriber_of("2001:db8:1:2::9") == "2001:db8:1:2::");
  CHECK(subscriber_of("2001:db8:1:3::9") == "2001:db8:1:3::");
}

}  // namespace
}  // namespace tamroi::http
