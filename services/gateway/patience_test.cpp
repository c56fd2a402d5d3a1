#include "gateway/patience.h"

#include <future>
#include <vector>

#include <catch2/catch_test_macros.hpp>

namespace tamroi::gateway {
namespace {

using namespace std::chrono_literals;

TEST_CASE("who waits too long is told so, in the order in which they began") {
  std::vector<std::shared_ptr<Waiting>> ended;
  std::promise<void> both;
  Patience patience(10ms, [&](const auto& waiting) {
    ended.push_back(waiting);
    if (ended.size() == 2) both.set_value();
  });
  const auto first = std::make_shared<Waiting>();
  const auto second = std::make_shared<Waiting>();
  patience.begin(first);
  patience.begin(second);
  both.get_future().wait();
  CHECK(ended == std::vector{first, second});
  CHECK_FALSE(first->settle());
}

TEST_CASE("who was told before is not told again, and is not kept") {
  std::vector<std::shared_ptr<Waiting>> ended;
  std::promise<void> last;
  Patience patience(10ms, [&](const auto& waiting) {
    ended.push_back(waiting);
    last.set_value();
  });
  auto told = std::make_shared<Waiting>();
  const std::weak_ptr<Waiting> kept = told;
  patience.begin(told);
  REQUIRE(told->settle());
  told.reset();
  const auto waits = std::make_shared<Waiting>();
  patience.begin(waits);
  CHECK(kept.expired());
  last.get_future().wait();
  CHECK(ended == std::vector{waits});
}

TEST_CASE("it ends while somebody waits") {
  const auto waits = std::make_shared<Waiting>();
  {
    Patience patience(1h, [](const auto&) { FAIL(); });
    patience.begin(waits);
  }
  CHECK(waits->settle());
}

}  // namespace
}  // namespace tamroi::gateway
