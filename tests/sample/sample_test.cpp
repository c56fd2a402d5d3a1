#include <catch2/catch_test_macros.hpp>

#include "sample/play.h"

namespace tamroi::sample {

TEST_CASE("what becomes of a small sample is what was meant") {
  const auto lines = lines_of({.province = "24", .scale = 30'000});
  Play play(lines);
  for (const auto& why : play.unexpected) WARN(why);
  CHECK(play.unexpected.empty());
  for (int indicator : {6, 7}) {
    std::string told;
    for (auto count : play.districts_on_levels("24", indicator)) told += std::to_string(count) + " ";
    WARN(indicator << ": " << told << " province " << play.level("24", indicator));
  }
  WARN("5: " << play.level("24", 5));
}

TEST_CASE("country", "[.country]") {
  const char* s = getenv("SCALE"); const auto lines = lines_of({.scale = std::stoull(s ? s : "10000"), .entire = {"24"}});
  Play play(lines);
  WARN(lines.size() << " lines, accepted " << play.accepted << " rejected " << play.rejected << " unexpected " << play.unexpected.size());
  for (std::size_t i = 0; i < std::min<std::size_t>(5, play.unexpected.size()); ++i) WARN(play.unexpected[i]);
  std::vector<std::string> units = {"24", "TH"};
  for (const auto& unit : units) for (int indicator : {6, 7}) {
    std::string told;
    for (auto count : play.districts_on_levels(unit, indicator)) told += std::to_string(count) + " ";
    WARN(unit << " " << indicator << ": " << told);
  }
  for (int indicator : {5,6,7}) {
    std::array<int,6> on{};
    for (auto& u : shipped_units().all()) if (u.level == catalogue::Level::Province) ++on[play.level(u.code, indicator)];
    std::string told;
    for (auto n : on) told += std::to_string(n) + " ";
    WARN("provinces " << indicator << ": " << told << " 24: " << play.level("24", indicator));
  }
}

}  // namespace tamroi::sample
