#include <set>

#include <catch2/catch_test_macros.hpp>

#include "sample/play.h"

namespace tamroi::sample {
namespace {

constexpr std::uint64_t small = 30'000;  // 3 % of the households

const std::vector<Line>& chachoengsao() {
  static const auto lines = lines_of({.province = "24"});
  return lines;
}

// Members of kinds whose names begin so.
std::uint64_t members(const Wish& wish, std::string_view kind) {
  const auto& kinds = shipped_description()->kinds;
  std::uint64_t sum = 0;
  for (const auto& place : roster(*shipped_description(), shipped_units(), wish)) {
    for (std::size_t i = 0; i < place.counts.size(); ++i) {
      if (kinds[i].name.starts_with(kind)) sum += place.counts[i];
    }
  }
  return sum;
}

std::size_t count(const std::vector<Line>& lines, std::string_view what) {
  std::size_t found = 0;
  for (const auto& line : lines) {
    for (auto at = line.body.find(what); at != std::string::npos; at = line.body.find(what, at + 1)) ++found;
  }
  return found;
}

std::vector<bool> levels_reached(Play& play, int indicator) {
  std::vector<bool> reached;
  for (const auto districts : play.districts_on_levels("24", indicator)) reached.push_back(districts > 0);
  return reached;
}

const std::vector<bool> every_level = {true, true, true, true, true, true};

}  // namespace

TEST_CASE("the country has the households, plots and units of the national round") {
  CHECK(members({}, "household") == 1'000'000);
  CHECK(members({}, "plot") == 20'000);
  CHECK(members({.scale = 100'000}, "household") == 100'000);
  CHECK(members({.province = "24"}, "household") == 4'539);
  CHECK(members({.province = "24"}, "plot_clm") == 2);
  CHECK(members({.province = "24"}, "plot_hlm") == 85);
  CHECK(members({.scale = 10'000, .entire = {"24"}}, "household") > 4'539 + 9'000);
  std::size_t provinces = 0;
  const auto places = roster(*shipped_description(), shipped_units(), {});
  for (const auto& place : places) provinces += place.level == catalogue::Level::Province ? 1 : 0;
  CHECK(provinces == 77);
  CHECK(places.size() == 77 + 878 + 50);
}

TEST_CASE("what becomes of a province at a small scale is what was meant, whatever the seed") {
  std::size_t rejected = 0;
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    const Play play(lines_of({.province = "83", .scale = small, .seed = seed}));
    for (const auto& why : play.unexpected) UNSCOPED_INFO(why);
    INFO("seed " << seed);
    CHECK(play.unexpected.empty());
    rejected += play.rejected;
  }
  CHECK(rejected > 0);
}

TEST_CASE("Chachoengsao: what was meant, and every level among its districts") {
  Play play(chachoengsao());
  for (const auto& why : play.unexpected) UNSCOPED_INFO(why);
  CHECK(play.unexpected.empty());
  CHECK(levels_reached(play, 6) == every_level);
  CHECK(play.level("24", 5) == 4);
  CHECK(play.level("24", 7) == 4);
  CHECK(play.levels_of_history("24", 5) == std::vector<std::int64_t>{1, 2, 3, 4, 3, 4});
}

TEST_CASE("Chachoengsao at a small scale reaches every level too") {
  Play play(lines_of({.province = "24", .scale = small}));
  CHECK(play.unexpected.empty());
  CHECK(levels_reached(play, 6) == every_level);
}

TEST_CASE("the mix is believable: rejections, repeats, corrections, withdrawals, late facts, notes in Thai") {
  const auto& lines = chachoengsao();
  std::size_t rejected = 0;
  std::size_t repeated = 0;
  std::set<std::string_view> bodies;
  for (const auto& line : lines) {
    rejected += line.rejected ? 1 : 0;
    repeated += bodies.insert(line.body).second ? 0 : 1;
  }
  CHECK(rejected * 100 >= lines.size());
  CHECK(rejected * 100 <= 6 * lines.size());
  CHECK(repeated * 200 >= lines.size());
  CHECK(count(lines, R"("op":"correct")") > 500);
  CHECK(count(lines, R"("op":"withdraw")") > 50);
  CHECK(count(lines, "\"reason\":\"ได้รับสมุดบันทึกจากทีมพี่เลี้ยงล่าช้า\"") > 5);
  CHECK(count(lines, R"("type":"mentor_visit")") > 100'000);
}

TEST_CASE("half of a month's submissions come within its last two hours") {
  std::size_t all = 0;
  std::size_t late = 0;
  History history(shipped_description(), shipped_units(), {.scale = 50'000});
  for (auto line = history.next(); line; line = history.next()) {
    const auto at = to_text(*line).substr(7, 16);
    if (at.substr(0, 7) > "2022-05") break;
    if (at.substr(0, 7) < "2022-05") continue;
    ++all;
    late += at.substr(8, 2) == "20" && at.substr(11) >= "14:30" && at.substr(11) <= "16:30" ? 1 : 0;
  }
  CHECK(all > 4'000);
  CHECK(late * 100 >= 40 * all);
  CHECK(late * 100 <= 60 * all);
}

TEST_CASE("the whole country at a small scale is what was meant") {
  Play play(lines_of({.scale = 2'000}));
  for (const auto& why : play.unexpected) UNSCOPED_INFO(why);
  CHECK(play.unexpected.empty());
  // Indicator 5 is the province's: from the slow ones to the striving.
  std::set<std::int64_t> levels;
  for (const auto& place : roster(*shipped_description(), shipped_units(), {.scale = 2'000})) {
    if (place.level == catalogue::Level::Province) levels.insert(play.level(place.unit, 5));
  }
  CHECK(levels == std::set<std::int64_t>{2, 3, 4, 5});
}

}  // namespace tamroi::sample
