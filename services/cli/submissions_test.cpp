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

TEST_CASE("a file with one document is one submission") {
  const auto found = split("one.json", document);
  REQUIRE(found.size() == 1);
  CHECK(found[0].body == document);
  CHECK(found[0].line == 1);
}

TEST_CASE("lines of documents are one submission each, with the line that they stand on") {
  const std::string_view text = "{\"id\":\"a\"}\r\n\n  \n{\"id\":\"b\"}\n{\"id\":";
  for (const auto* name : {"many.ndjson", "many.jsonl", "-"}) {
    const auto found = split(name, text);
    REQUIRE(found.size() == 3);
    CHECK(found[0].body == "{\"id\":\"a\"}");
    CHECK(found[1].line == 4);
    CHECK(member_text(found[1], "id") == "b");
    CHECK(found[2].line == 5);
  }
}

TEST_CASE("one line, a broken document and nothing are told apart") {
  CHECK(split("x.ndjson", "{\"id\":\"a\"}").size() == 1);
  CHECK(split("x.json", "{\n \"id\": }\n").size() == 1);
  CHECK(split("x.json", " \n\n").empty());
  CHECK(split("x.ndjson", "").empty());
  CHECK(split("x.json", "\xEF\xBB\xBF{}").at(0).body == "{}");
}

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
