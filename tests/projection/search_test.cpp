#include "projection/search.h"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <bit>
#include <random>
#include <vector>

namespace tamroi::projection {
namespace {

TEST_CASE("as many values are found as are at most that, in few reads") {
  const std::uint64_t seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937_64 chance(seed);
  for (int i = 0; i < 3000; ++i) {
    std::vector<std::int64_t> values(chance() % 300);
    const auto range = 1 + chance() % (i % 3 == 0 ? 5 : 1'000'000);
    for (auto& value : values) value = static_cast<std::int64_t>(chance() % range) * (i % 7 == 0 ? 1'000'000'000'000 : 1);
    std::ranges::sort(values);
    const auto most = values.empty() || chance() % 4 == 0 ? static_cast<std::int64_t>(chance() % range) : values[chance() % values.size()];
    std::size_t reads = 0;
    const auto count = count_at_most(values.size(), most, [&](std::uint64_t place) {
      ++reads;
      return values.at(place);
    });
    REQUIRE(count == static_cast<std::uint64_t>(std::ranges::upper_bound(values, most) - values.begin()));
    REQUIRE(reads <= 2 + 2 * static_cast<std::size_t>(std::bit_width(values.size())));
  }
}

TEST_CASE("among values that rise evenly the border is found at once, however many there are") {
  for (const std::uint64_t count : {1'000ULL, 1'000'000ULL, 1'000'000'000ULL}) {
    std::size_t reads = 0;
    const auto evenly = [&](std::uint64_t place) {
      ++reads;
      return static_cast<std::int64_t>(place * 10);
    };
    CHECK(count_at_most(count, static_cast<std::int64_t>(count) * 7 + 3, evenly) == count / 10 * 7 + 1);
    CHECK(reads <= 6);
  }
}

}  // namespace
}  // namespace tamroi::projection
