#include "cli/submissions.h"

#include <catch2/catch_test_macros.hpp>

using namespace tamroi::cli;

namespace {

constexpr std::string_view document =
    "{\n"
    "  \"id\": \"one\",\n"
    "  \"entries\": [\n"
    "    {\"a\": 0,\n"
    "     \"a/b\": 1, \"\u0E01\": 2},\n"
    "    {\n"
    "      \"values\": {\n"
    "        \"name\": \"x\"\n"
    "      }\n"
    "    }\n"
    "  ]\n"
    "}\n";

}  // namespace

TEST_CASE("a pointer leads to its line, an absent member to what encloses it") {
  const Posted posted{document, 1};
  CHECK(Lines(posted).of("") == 1);
  CHECK(Lines(posted).of("/id") == 2);
  CHECK(Lines(posted).of("/entries/0") == 4);
  CHECK(Lines(posted).of("/entries/0/a~1b") == 5);
  CHECK(Lines(posted).of("/entries/0/ก") == 5);
  CHECK(Lines(posted).of("/entries/1") == 6);
  CHECK(Lines(posted).of("/entries/1/values/name") == 8);
  CHECK(Lines(posted).of("/entries/1/values/other") == 7);
  CHECK(Lines(posted).of("/entries/1/on") == 6);
  CHECK(Lines(posted).of("/entries/7") == 3);
  CHECK(Lines(posted).of("/expects") == 1);
  CHECK(Lines(Posted{document, 40}).of("/entries/0") == 43);
}

TEST_CASE("what is no JSON leads to where it stops being JSON") {
  CHECK(Lines(Posted{"{\n\n\"a\": 1,\n\"b\" 2\n}", 10}).of("") == 13);
  CHECK(Lines(Posted{"", 3}).of("") == 3);
}
