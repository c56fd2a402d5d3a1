#include <catch2/catch_test_macros.hpp>

#include "edge/way_in.h"

namespace tamroi::gateway {
namespace {

using Segments = std::vector<std::string>;
const Segments units{"v1", "units"};

int status(const http::Admission& admission) {
  const auto* refusal = std::get_if<http::Response>(&admission.verdict);
  return refusal == nullptr ? 200 : refusal->status;
}

TEST_CASE("an account that asks too fast is refused with Retry-After, others are not, and it is told before the route") {
  WayIn way({.account_rate = {.per_second = 0.001, .burst = 2}});
  CHECK(status(way.front.admit(way.request("GET", units, "clerk"))) == 200);
  CHECK(status(way.front.admit(way.request("GET", {"v1", "nothing"}, "clerk"))) == 404);
  for (const auto& segments : {units, Segments{"v1", "nothing"}}) {
    const auto admission = way.front.admit(way.request("GET", segments, "clerk"));
    REQUIRE(status(admission) == 429);
    const auto& refusal = std::get<http::Response>(admission.verdict);
    CHECK(refusal.code == "too_many_requests");
    CHECK(refusal.headers == std::vector<std::pair<std::string, std::string>>{{"Retry-After", "1000"}});
  }
  CHECK(status(way.front.admit(way.request("GET", units, "other"))) == 200);
  CHECK(status(way.front.admit(way.request("GET", units, "nobody"))) == 401);
}

TEST_CASE("an account has so many requests in flight, the feed not among them") {
  WayIn way({.account_requests_max = 2});
  auto first = std::make_optional(way.front.admit(way.request("GET", units, "clerk")));
  const auto second = way.front.admit(way.submission(""));
  const auto third = way.front.admit(way.request("GET", units, "clerk"));
  CHECK(status(*first) == 200);
  CHECK(status(second) == 200);
  REQUIRE(status(third) == 429);
  CHECK(std::get<http::Response>(third.verdict).headers.front().first == "Retry-After");
  CHECK(status(way.front.admit(way.request("GET", {"v1", "feed"}, "clerk"))) == 200);
  CHECK(status(way.front.admit(way.request("GET", units, "other"))) == 200);
  first.reset();
  CHECK(status(way.front.admit(way.request("GET", units, "clerk"))) == 200);
}

TEST_CASE("an admission names its route, also where it refuses, but never what was not found") {
  WayIn way;
  CHECK(way.front.admit(way.request("GET", units, "clerk")).route == "/v1/units");
  CHECK(way.front.admit(way.request("GET", units, "nobody")).route == "/v1/units");
  CHECK(way.front.admit(way.request("GET", {"v1", "accounts"}, "clerk")).route == "/v1/accounts");
  CHECK(way.front.admit(way.request("GET", {"v1", "somchai"}, "clerk")).route.empty());
}

}  // namespace
}  // namespace tamroi::gateway
