#include "query/answer_cache.h"

#include <catch2/catch_test_macros.hpp>

namespace tamroi::query {
namespace {

TEST_CASE("an answer is good while its provinces stand where they stood") {
  const auto here = std::make_shared<const projection::ProvinceView>();
  const auto there = std::make_shared<const projection::ProvinceView>();
  const auto later = std::make_shared<const projection::ProvinceView>();
  AnswerCache cache;
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

}  // namespace
}  // namespace tamroi::query
