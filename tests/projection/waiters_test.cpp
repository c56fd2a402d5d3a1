#include "projection/waiters.h"

#include <catch2/catch_test_macros.hpp>

#include <future>

namespace tamroi::projection {
namespace {

using std::chrono::steady_clock;
constexpr event::Stream stream{24};

TEST_CASE("whoever waits is called once, when the position is reached") {
  Waiters waiters;
  std::vector<bool> called;
  const auto note = [&](bool reached) { called.push_back(reached); };
  const auto later = steady_clock::now() + std::chrono::hours(1);
  waiters.wait_for({stream, 4}, later, note);
  waiters.advance(stream, 4);
  CHECK(called.empty());
  waiters.advance({25}, 9);
  CHECK(called.empty());
  waiters.advance(stream, 5);
  CHECK(called == std::vector{true});
  waiters.wait_for({stream, 3}, later, note);  // reached already
  CHECK(called == std::vector{true, true});
  waiters.wait_for_control(2, later, note);
  waiters.advance_controls(1);
  waiters.advance_controls(2);
  CHECK(called == std::vector{true, true, true});
}

TEST_CASE("a deadline, or a stop, ends the waiting") {
  Waiters waiters;
  std::promise<bool> over;
  waiters.wait_for({stream, 0}, steady_clock::now() + std::chrono::milliseconds(1), [&](bool reached) { over.set_value(reached); });
  CHECK_FALSE(over.get_future().get());
  std::promise<bool> stopped;
  waiters.wait_for({stream, 0}, steady_clock::time_point::max(), [&](bool reached) { stopped.set_value(reached); });
  waiters.stop();
  CHECK_FALSE(stopped.get_future().get());
}

TEST_CASE("an end for all ends the waiting of those who were there and of those who come later") {
  Waiters waiters;
  const auto much_later = steady_clock::now() + std::chrono::hours(1);
  std::promise<bool> before;
  waiters.wait_for({stream, 0}, much_later, [&](bool reached) { before.set_value(reached); });
  waiters.end_by(steady_clock::now());
  CHECK_FALSE(before.get_future().get());
  std::promise<bool> after;
  waiters.wait_for({stream, 0}, much_later, [&](bool reached) { after.set_value(reached); });
  CHECK_FALSE(after.get_future().get());
}

}  // namespace
}  // namespace tamroi::projection
