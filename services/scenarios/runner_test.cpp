#include "scenarios/runner.h"

#include <catch2/catch_test_macros.hpp>

#include "scenarios/grammar.h"
#include "scenarios/test_world.h"

using namespace tamroi;
using namespace tamroi::scenarios;

namespace {

std::vector<std::string> failures_of(std::string_view text, AnsweringWorld& world) {
  std::vector<std::string> out;
  for (const auto& scenario : parse(expand_lines(text, "one.scenario"), "one.scenario")) {
    for (const Failure& failure : run(scenario, world, "catalogues")) {
      out.push_back(std::to_string(failure.place.number) + ": " + failure.what);
    }
  }
  return out;
}

using Texts = std::vector<std::string>;

constexpr std::string_view opened = "catalogue 2565-2\nopen 2565-2 revision 2\n";

}  // namespace

TEST_CASE("the catalogue of a round is published on the round's first day") {
  AnsweringWorld world;
  CHECK(failures_of(std::string(opened) + "at 2022-06-10 10:00\nsubmit 2401\n  car\n", world).empty());
  REQUIRE(world.asked.size() == 4);
  CHECK(world.asked[0] == "publish catalogues/2565-2");
  CHECK(world.asked[1].starts_with("control ministry_officer-TH {"));
  CHECK(world.asked[2] == "advance 2022-06-10T03:00:00.000000Z");
  CHECK(world.asked[3].starts_with("submit district_officer-2401 {"));
}

TEST_CASE("an unexpected rejection is a failure at the line that was sent") {
  AnsweringWorld world;
  world.sent_answer = {422, R"({"verdict":"rejected","problems":[{"code":"bad_value","where":"/x"}]})"};
  CHECK(failures_of("at 2022-06-10\nsubmit 2401 round 2565-2\n  car\n", world) ==
        Texts{"2: verdict: expected accepted, actual bad_value at /x"});
}

TEST_CASE("the problems of a rejection are exactly those expected") {
  AnsweringWorld world;
  world.sent_answer = {
      422, R"({"verdict":"rejected","problems":[{"code":"bad_value","where":"/x"},{"code":"bad_value","where":""}]})"};
  const std::string start = "at 2022-06-10\nsubmit 2401\n  car\n";
  CHECK(failures_of(start + "expect rejected bad_value and bad_value at \"\"\n", world).empty());
  CHECK(failures_of(start + "expect rejected bad_value at /x\n", world).size() == 1);
  CHECK(failures_of(start + "expect rejected bad_value at /y and bad_value\n", world).size() == 1);
  CHECK(failures_of(start + "expect refused bad_value and bad_value\n", world).size() == 1);
  CHECK(failures_of(start + "expect status 200\n", world) == Texts{"4: status: expected 200, actual 422"});
}

TEST_CASE("a refusal at the door has no verdict") {
  AnsweringWorld world;
  world.sent_answer = {403, R"({"problems":[{"code":"not_permitted","where":""}]})"};
  CHECK(failures_of("at 2022-06-10\nsubmit 2401\n  car\nexpect refused not_permitted\n", world).empty());
  CHECK(failures_of("at 2022-06-10\nsubmit 2401\n  car\nexpect rejected not_permitted\n", world).size() == 1);
}

TEST_CASE("a repeat sends the same body and expects the first answer") {
  AnsweringWorld world;
  const std::string text = "at 2022-06-10\nsubmit 2401 id one\n  car\nrepeat one\nexpect repeat\n";
  CHECK(failures_of(text, world).empty());
  CHECK(world.asked[1] == world.asked[2]);
  CHECK(failures_of("at 2022-06-10\nrepeat one\n", world) == Texts{"2: nothing named one was sent"});
}

TEST_CASE("claims are compared with the result") {
  AnsweringWorld world;
  world.read_answer.body = R"({"level":3,"evidenced_level":1,"score":{"value":"24.00","of":"40"},"version":4,"measures":
    {"speed":{"numerator":4,"denominator":5},"cars":{"value":"7"},"growth":{"undefined":"1 of 2"}}})";
  const std::string text = std::string(opened) + "expect 24 indicator 5 ";
  CHECK(failures_of(text + "level 3 evidenced 1 measure speed 4/5 measure cars 7 measure growth undefined no points\n",
                    world)
            .empty());
  CHECK(failures_of(text + "level 4 measure speed 8/10\n", world) ==
        Texts{"3: 24 indicator 5 level: expected 4, actual 3",
              "3: 24 indicator 5 measure speed: expected 8/10, actual 4/5"});
  CHECK(failures_of(std::string(opened) + "expect 24 score 24.00 of 40 version 4\n", world).empty());
  CHECK(failures_of(std::string(opened) + "expect 24 score 24.00 of 100\n", world).size() == 1);
}

TEST_CASE("because names the first criterion of the level that is not met") {
  AnsweringWorld world;
  world.read_answer.body =
      R"({"levels":[{"level":4,"criteria":[{"measure":"cars","needs":">= 1","actual":"2","met":true},
    {"measure":"speed","needs":">= 5 %","actual":"4.9999 %","met":false,
     "lacks":{"total":2,"first":[{"unit":"24","entity":"a","period":"2022-05"},{"unit":"2401","entity":"b"}]}}]}]})";
  const std::string text = std::string(opened) + "expect 24 indicator 5 measure x absent\n";
  CHECK(failures_of(text + "because level 4: speed 4.9999 % needs at least 5 %\n", world).empty());
  CHECK(failures_of(text + "because level 4: speed 4.9999 % needs at least 6 %\n", world).size() == 1);
  CHECK(failures_of(text + "because level 3: speed 4.9999 % needs at least 5 %\n", world).size() == 1);
  CHECK(failures_of(text + "lacks speed 2 a+2022-05 2401+b\n", world).empty());
  CHECK(failures_of(text + "lacks speed 2 a b\n", world).size() == 1);
  CHECK(failures_of(text + "lacks speed 1\n", world).size() == 1);
  CHECK(failures_of(text + "lacks cars 0\n", world).empty());
}

TEST_CASE("changes of an outcome are compared") {
  AnsweringWorld world;
  world.sent_answer.body =
      R"({"verdict":"accepted","changes":[{"unit":"24","indicator":5,"before":{"level":1,"score":"4.00"},
    "after":{"level":2,"score":"8.00"},"measures":{"speed":{"before":{"undefined":"x"},"after":{"numerator":1,"denominator":2}}}}]})";
  const std::string text = "at 2022-06-10\nsubmit 2401\n  car\n";
  CHECK(
      failures_of(text + "expect changed 24 indicator 5 level 1 to 2 measure speed undefined to 1/2\n", world).empty());
  CHECK(failures_of(text + "expect changed 24 indicator 5 level 1 to 3\n", world).size() == 1);
  CHECK(failures_of(text + "expect unchanged 24 indicator 5\n", world).size() == 1);
  CHECK(failures_of(text + "expect unchanged 2401 indicator 5\n", world).empty());
}

TEST_CASE("changes of a control are those of the history that it caused") {
  AnsweringWorld world;
  world.sent_answer.body = R"({"id":"one","verdict":"accepted"})";
  world.history_answer.body = R"({"changes":[
    {"unit":"24","indicator":5,"before":{"level":1},"after":{"level":2},"cause":{"id":"other"}},
    {"unit":"24","indicator":5,"before":{"level":3},"after":{"level":1},"cause":{"id":"one"}}]})";
  CHECK(failures_of(std::string(opened) + "revise 3\nexpect changed 24 indicator 5 level 3 to 1\n", world).empty());
  CHECK(failures_of(std::string(opened) + "revise 3\nexpect changed 24 indicator 5 level 1 to 2\n", world).size() == 1);
  world.sent_answer.body = R"({"id":"two","verdict":"accepted"})";
  CHECK(failures_of(std::string(opened) + "revise 3\nexpect unchanged 24 indicator 5\n", world).empty());
}
