#include "cli/answers.h"

#include <catch2/catch_test_macros.hpp>

#include "cli/changes.h"
#include "cli/reading.h"

using namespace tamroi::cli;

namespace {

std::string explained(std::string_view json) { return show_explanation(parse_object(json).value(), {}); }
bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

constexpr std::string_view explanation = R"({"unit":"2401","indicator":6,"round":"2565-2","revision":2,"level":1,
  "evidenced_level":0,"score":"2.00","weight":"10","measures":{"speed":{"numerator":39,"denominator":40}},"levels":[
  {"level":1,"counts":true,"criteria":[{"measure":"speed","needs":">= 90 %","actual":"97.5 %","met":true,"source":"Letter 1"}],
   "evidence":[{"requirement":"papers","present":false},{"requirement":"stamps","present":true}]},
  {"level":2,"counts":false,"criteria":[
   {"measure":"speed","needs":">= 100 %","actual":"97.5 %","met":false,"source":"Letter 1","lacks":{"total":14,"first":[
    {"unit":"2401","entity":"h-1","period":"2022-05","actual":"0"},{"unit":"2401","entity":"h-1","period":"2022-06","actual":"1"},
    {"unit":"2401","entity":"h-2","actual":"0"}]}},
   {"measure":"depth","needs":">= 2","actual":"2","met":true,"source":"Letter 1"},
   {"measure":"width","needs":">= 1","actual":"3","met":true,"source":"Letter 2"}],"evidence":[]},
  {"level":3,"counts":false,"criteria":[],"evidence":[]}]})";

}  // namespace

TEST_CASE("an explanation names what each level needs and what the next one lacks") {
  const auto text = explained(explanation);
  CHECK(
      text.starts_with("Indicator 6 of 2401, round 2565-2, revision 2\n"
                       "level 1, evidenced to level 0 only, score 2.00, weight 10\n"));
  CHECK(has(
      text,
      "  Level 1 counts\n    Letter 1\n    ✓ speed is 97.5 %; needed: >= 90 %\n    evidence: ✗ papers, ✓ stamps\n"));
  CHECK(has(text, "  Level 2 does not count\n    Letter 1\n    ✗ speed is 97.5 %; needed: >= 100 %\n"));
  CHECK(has(text,
            "      14 lacking: 2401 h-1 in 2022-05, 2022-06 (1); 2401 h-2; and 11 more (--json names the first 100)\n  "
            "  ✓ depth"));
  CHECK(has(text, "    ✓ depth is 2; needed: >= 2\n    Letter 2\n    ✓ width is 3; needed: >= 1\n"));
  CHECK(
      text.ends_with("Level 2 still needs: speed >= 100 % (is 97.5 %).\n"
                     "To be evidenced, level 1 still needs: papers.\n"));
}

TEST_CASE("an explanation says when nothing is left to do") {
  const auto text = explained(R"({"indicator":6,"level":1,"evidenced_level":1,"levels":[{"level":1,"counts":true}]})");
  CHECK(text.ends_with("Every level counts.\n"));
}

TEST_CASE("a level that meets its own criteria waits for those below") {
  const auto text = explained(
      R"({"level":0,"levels":[{"level":1,"counts":false,"criteria":[{"measure":"a","needs":"b","actual":"c"}]}]})");
  CHECK(has(text, "Level 1 still needs: a b (is c)."));
}

TEST_CASE("results show standings and measures, the ministry's measures alone") {
  const auto district =
      parse_object(R"({"unit":"2401","round":"2565-2","revision":1,"version":4,"score":{"value":"6.00","of":"40"},
    "as_of":{"positions":{"24":17},"recorded_at":"2022-08-20T03:00:00.000000Z","complete":false},"indicators":[
    {"indicator":5,"level":2,"evidenced_level":1,"score":"8.00","weight":"20","credited_from":"24","points":{"value":"61.50","of":"100"},
     "measures":{"width":{"value":"4"}},"last_change":{"stream":"24","offset":9}}]})");
  const auto text = show_results(*district, {});
  CHECK(
      text.starts_with("2401, round 2565-2, revision 1\nscore 6.00 of 40\n"
                       "as of 2022-08-20 10:00:00 Bangkok time, 24:17; not complete yet: a record of that time may "
                       "still come; version 4\n"));
  CHECK(has(text, "5 (of 24)      2          1   8.00      20  61.50 of 100  24:9\n"));
  CHECK(has(text, "5          width    4\n"));
  const auto ministry = parse_object(
      R"({"unit":"TH","score":{"value":"1.00","of":"40"},"as_of":{"positions":{"24":1,"25":3}},"indicators":[
    {"indicator":5,"weight":"20","measures":{"speed":{"numerator":-1,"denominator":3,"defined_in":{"count":62,"of":77}}}}]})");
  const auto merged = show_results(*ministry, {});
  CHECK(!has(merged, "evidenced"));
  CHECK(has(merged, "over 2 provinces"));
  CHECK(has(merged, "(-1 of 3), defined in 62 of 77 provinces"));
}

TEST_CASE("a history tells when, what, who and why") {
  const auto page =
      parse_object(R"({"unit":"2401","indicator":6,"changes":[{"before":{"level":1,"evidenced_level":1,"score":"2.00"},
    "after":{"level":2,"evidenced_level":1,"score":"4.00"},"revision":2,
    "measures":{"speed":{"before":{"undefined":"there is nothing"},"after":{"value":"7"}}},
    "cause":{"position":{"stream":"24","offset":8},"id":"0182","kind":"control","actor":{"account":"m-1","role":"ministry_officer","unit":"TH"},
    "reason":"เดือนมิถุนายน","letter":{"number":"ว 5011","issued_on":"2022-08-22"},"recorded_at":"2022-07-01T00:00:00Z"}}]})");
  CHECK(show_history(*page, {}) ==
        "What changed indicator 6 of 2401, newest first, Bangkok time\n"
        "\n"
        "2022-07-01 07:00:00  24:8\n"
        "  level 1 → 2, score 2.00 → 4.00, revision 2\n"
        "    speed undefined: there is nothing → 7\n"
        "  control 0182 by m-1, ministry_officer of TH\n"
        "  reason: เดือนมิถุนายน\n"
        "  letter: ว 5011 of 2022-08-22\n");
  CHECK(has(show_history({}, {}), "Nothing has changed it yet."));
}

TEST_CASE("changes are summed up to what is different in the end") {
  const auto change = [](int before, int after, std::string_view measures) {
    return parse_object(R"({"unit":"2401","indicator":6,"before":{"level":)" + std::to_string(before) +
                        R"(},"after":{"level":)" + std::to_string(after) + R"(},"measures":)" + std::string(measures) +
                        "}")
        .value();
  };
  ChangeSummary summary;
  summary.add(change(0, 1, R"({"a":{"before":{"value":"1"},"after":{"value":"2"}}})"));
  summary.add(change(
      1, 2,
      R"({"a":{"before":{"value":"2"},"after":{"value":"5"}},"b":{"before":{"value":"0"},"after":{"value":"1"}}})"));
  CHECK(summary.shown({}) == "  2401, indicator 6: level 0 → 2\n      a 1 → 5\n      b 0 → 1\n");
  summary.add(change(
      2, 0,
      R"({"a":{"before":{"value":"5"},"after":{"value":"1"}},"b":{"before":{"value":"1"},"after":{"value":"0"}}})"));
  CHECK(summary.shown({}).empty());
}

TEST_CASE("answers that are not as expected are shown as far as they go") {
  for (const auto* odd : {"{}", R"({"levels":7,"measures":[],"as_of":"x","indicators":[1,null]})",
                          R"({"levels":[{"criteria":[3]}],"points":3})"}) {
    const auto answer = parse_object(odd).value();
    CHECK_NOTHROW(show_results(answer, {}));
    CHECK_NOTHROW(show_explanation(answer, {}));
    CHECK_NOTHROW(show_history(answer, {}));
  }
  CHECK(!parse_object("[1]"));
  CHECK(!parse_object("<html>"));
}

TEST_CASE("what a server sends cannot command the terminal") {
  const auto answer = parse_object("{\"unit\":\"24\\u001b[2J\",\"round\":\"x\"}").value();
  CHECK(!has(show_results(answer, {}), "\x1b"));
}
