#include "query/answer_cache.h"

#include <catch2/catch_test_macros.hpp>

namespace tamroi::query {
namespace {

TEST_CASE("an answer is good while its provinces stand where they stood") {
  const auto here = std::make_shared<const projection::ProvinceView>();
  const auto there = std::make_shared<const projection::ProvinceView>();
  const auto later = std::make_shared<const projection::ProvinceView>();
  AnswerCache cache(64 << 10);
  CHECK(cache.find("TH", {here, there}) == nullptr);
  cache.keep("TH", {here, there}, std::make_shared<const std::string>("told"));
  REQUIRE(cache.find("TH", {here, there}) != nullptr);
  CHECK(*cache.find("TH", {here, there}) == "told");
  CHECK(cache.find("TH", {here, later}) == nullptr);
  CHECK(cache.find("24", {here, there}) == nullptr);
  cache.keep("TH", {here, later}, std::make_shared<const std::string>("told anew"));
  CHECK(*cache.find("TH", {here, later}) == "told anew");
  CHECK(cache.find("TH", {here, there}) == nullptr);
}

TEST_CASE("an answer is not good for a view that comes to lie where one of its own lay") {
  AnswerCache cache(64 << 10);
  auto gone = std::make_shared<const projection::ProvinceView>();
  const std::weak_ptr<const projection::ProvinceView> watched = gone;
  cache.keep("24", {gone}, std::make_shared<const std::string>("told"));
  REQUIRE(cache.find("24", {gone}) != nullptr);
  gone.reset();
  CHECK(watched.expired());
  for (int i = 0; i < 100; ++i) CHECK(cache.find("24", {std::make_shared<const projection::ProvinceView>()}) == nullptr);
}

TEST_CASE("answers take no more memory than they may") {
  constexpr std::size_t bytes_max = 64 << 10;
  AnswerCache cache(bytes_max);
  const AnswerCache::Views views{std::make_shared<const projection::ProvinceView>()};
  const auto answer = std::make_shared<const std::string>(1 << 10, 'a');
  const auto kept = [&] {
    std::size_t found = 0;
    for (int i = 0; i < 1000; ++i) found += cache.find(std::to_string(i), views) != nullptr ? 1 : 0;
    return found;
  };
  std::size_t most = 0;
  for (int i = 0; i < 1000; ++i) {
    cache.keep(std::to_string(i), views, answer);
    REQUIRE(cache.find(std::to_string(i), views) != nullptr);
    most = std::max(most, kept());
  }
  CHECK(most > 32);
  CHECK(most < bytes_max / answer->size());
  // What takes the place of another counts once.
  cache.keep("again", views, answer);
  cache.keep("other", views, answer);
  for (int i = 0; i < 1000; ++i) cache.keep("again", views, answer);
  CHECK(cache.find("other", views) != nullptr);
  cache.keep("too long", views, std::make_shared<const std::string>(bytes_max, 'a'));
  CHECK(cache.find("too long", views) == nullptr);
  CHECK(cache.find("again", views) != nullptr);
}

}  // namespace
}  // namespace tamroi::query
