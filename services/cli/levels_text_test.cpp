#include <catch2/catch_test_macros.hpp>

#include "cli/answers.h"
#include "cli/reading.h"

using namespace tamroi::cli;

TEST_CASE("levels show who stands there, and how many beside the others") {
  const auto answer = parse_object(R"({"unit":"24","indicator":6,"levels":[
    {"level":0,"districts":{"count":40,"units":["2401","2402"]},"provinces":{"count":0,"units":[]}},
    {"level":1,"districts":{"count":1,"units":["2403"]},"provinces":{"count":1,"units":["24"]}},
    {"level":2,"districts":{"count":0,"units":[]}}]})");
  CHECK(show_levels(*answer, {}) ==
        "Who stands where: indicator 6 of 24\n"
        "\n"
        "level  districts\n"
        "0             40  ####################  2401 2402\n"
        "1              1  #                     2403\n"
        "2              0\n"
        "\n"
        "level  provinces\n"
        "0              0\n"
        "1              1  ####################  24\n"
        "2              0\n");
}

TEST_CASE("of many units the first are named") {
  std::string units;
  for (int i = 0; i < 25; ++i) units += (i == 0 ? "\"" : ",\"") + std::to_string(100 + i) + "\"";
  const auto answer = parse_object(R"({"levels":[{"level":0,"districts":{"count":25,"units":[)" + units + "]}}]}");
  CHECK(show_levels(*answer, {}).ends_with(" 118 119 and 5 more\n"));
}

TEST_CASE("where nobody stands anywhere there is no table") {
  CHECK(show_levels(parse_object(R"({"unit":"R4","levels":[{"level":0}]})").value(), {}) == "Who stands where: R4\n");
}
