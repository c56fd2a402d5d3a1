#include "projection/stamps.h"

#include <catch2/catch_test_macros.hpp>

namespace tamroi::projection {
namespace {

// Stands where it is set, also back.
class SetClock final : public Clock {
 public:
  base::Instant now() override { return time; }
  [[nodiscard]] bool simulated() const override { return false; }
  bool move_to(base::Instant) override { return false; }
  base::Instant reached() override { return time; }
  void on_move(std::function<void()>) override {}
  base::Instant time{1'000};
};

TEST_CASE("a time is over once the clock is past it and no stamp of it is held") {
  SetClock clock;
  Stamps stamps(clock);
  CHECK_FALSE(stamps.all_after({1'000}));
  CHECK(stamps.all_after({999}));
  auto held = stamps.take();
  clock.time = {2'000};
  CHECK_FALSE(stamps.all_after({1'000}));
  CHECK_FALSE(stamps.all_after({1'500}));
  CHECK(stamps.all_after({999}));
  held.reset();
  CHECK(stamps.all_after({1'500}));
}

TEST_CASE("what is over stays so, also where the clock is set back") {
  SetClock clock;
  Stamps stamps(clock);
  clock.time = {2'000};
  REQUIRE(stamps.all_after({1'999}));
  clock.time = {500};
  CHECK(stamps.take()->time.micros == 2'000);
}

TEST_CASE("on a simulated clock a time is over once the clock was moved past it") {
  const auto clock = make_simulated_clock({1'000});
  Stamps stamps(*clock);
  CHECK(stamps.take_at({999}) == nullptr);
  CHECK_FALSE(stamps.all_after({1'000}));
  CHECK(stamps.take_at({5'000})->time.micros == 5'000);
  CHECK(stamps.all_after({4'999}));
  CHECK_FALSE(stamps.all_after({5'000}));
}

}  // namespace
}  // namespace tamroi::projection
