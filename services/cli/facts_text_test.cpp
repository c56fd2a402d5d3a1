#include <catch2/catch_test_macros.hpp>

#include "cli/answers.h"
#include "cli/reading.h"

using namespace tamroi::cli;

namespace {

std::string shown(std::string_view json) { return show_facts(parse_object(json).value(), {}); }

}  // namespace

TEST_CASE("a fact is told with where it stands and what it is corrected by") {
  CHECK(shown(R"({"unit":"24","round":"r","facts":[{"fact":"f-1","type":"visit","unit":"2401","live":true,"late":true,
    "occurred_on":"2022-06-03","values":{"who":"h-1","how":["a","b"],"often":3,"paper":{"name":"ใบ.pdf","pages":2}},
    "position":{"stream":"24","offset":7},"corrections":[]}]})") ==
        "Facts of 24, round r\n\n"
        "2022-06-03 visit: who h-1, how [a, b], often 3, paper ใบ.pdf\n"
        "    2401, 24:7, fact f-1, late\n");
  CHECK(shown(R"({"unit":"24","facts":[{"fact":"f-1","type":"visit","unit":"2401","live":false,
    "occurred_on":"2022-06-04","values":{"who":"h-2"},"position":{"stream":"24","offset":7},
    "recorded_as":{"occurred_on":"2022-06-03","values":{"who":"h-1"}},"corrections":[
      {"op":"correct","position":{"stream":"24","offset":8},"occurred_on":"2022-06-04","values":{"who":"h-2"}},
      {"op":"withdraw","position":{"stream":"24","offset":9}}]}]})") ==
        "Facts of 24\n\n"
        "2022-06-04 visit: who h-2 (withdrawn)\n"
        "    2401, 24:7, fact f-1\n"
        "    24:7 recorded, on 2022-06-03: who h-1\n"
        "    24:8 corrected, on 2022-06-04: who h-2\n"
        "    24:9 withdrawn\n");
}

TEST_CASE("an empty page is the end only without a cursor") {
  CHECK(shown(R"({"unit":"24","facts":[]})") == "Facts of 24\n\nThere are none.\n");
  const auto more = shown(R"({"unit":"24","facts":[],"next_cursor":"24:x"})");
  CHECK(more.find("none") == std::string::npos);
  CHECK(more.ends_with("--cursor 24:x\n"));
}
