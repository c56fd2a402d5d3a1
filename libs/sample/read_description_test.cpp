#include "sample/description.h"

#include <catch2/catch_test_macros.hpp>

namespace tamroi::sample {
namespace {

constexpr std::string_view good = R"(round: "1"
first_day: 2026-10-01
last_day: 2026-11-30
settings: {often: [1, 3], share: 50 %}
kinds: {hive: {country: 10, named: "h-{unit}-{n:3}", traits: {size: {$number: [1, 9]}}}}
calendars: {fridays: [{weekday: 5, from: "09:00", to: "10:00"}]}
classes:
  district: {busy: {weight: 1, calendar: fridays, as: "keeper@{unit}"}}
  province: {office: {weight: 1, calendar: fridays, as: "office@{unit}"}}
facts:
  - {name: settled, type: colony, of: [hive], registers: true, values: {hive: "{member}"}}
  - {type: harvest, of: [hive], each: month, days: [1, 5], values: {hive: "{member}"}}
sending: {minutes: 15, entries: 10, late_reason: rain, change_reason: rain}
controls:
  - {at: "2026-10-01 08:00", as: queen@TH, body: {type: begun}}
)";

// What is wrong once `from` has become `to`: "LINE: sentence" of each.
std::vector<std::string> wrong(std::string_view from, std::string_view to) {
  std::string text(good);
  const auto at = text.find(from);
  REQUIRE(at != std::string::npos);
  text.replace(at, from.size(), to);
  const auto described = read_description("bees.yaml", text);
  CHECK((described.description == nullptr) == !described.findings.empty());
  std::vector<std::string> all;
  for (const auto& finding : described.findings) all.push_back(std::to_string(finding.line) + ": " + finding.why);
  return all;
}

bool starts(const std::vector<std::string>& found, std::string_view with) {
  for (const auto& each : found) UNSCOPED_INFO(each);
  return found.size() == 1 && found[0].starts_with(with);
}

}  // namespace

TEST_CASE("a description that is right is read") { CHECK(wrong("hive", "hive").empty()); }

TEST_CASE("everything that is wrong is said at once, with its line") {
  std::string text(good);
  text.replace(text.find("weekday: 5"), 10, "weekday: 9");
  text.replace(text.find("calendar: fridays"), 17, "calendar: friday");
  text.replace(text.find("[1, 5]"), 6, "oftn");
  const auto described = read_description("bees.yaml", text);
  REQUIRE(described.findings.size() == 3);
  CHECK(described.findings[0].line == 6);
  CHECK(described.findings[1].why == "Unknown calendar \"friday\"; did you mean \"fridays\"?");
  CHECK(described.findings[2].why == "Unknown setting \"oftn\"; did you mean \"often\"?");
  CHECK(described.findings[2].line == 12);
}

TEST_CASE("what can be wrong in a description") {
  CHECK(wrong("round: \"1\"", "rounds: \"1\"").size() == 2);  // one unknown, one missing
  CHECK(starts(wrong("last_day: 2026-11-30", "last_day: 2028-11-30"), "1: A round takes a year"));
  CHECK(starts(wrong("[1, 3]", "[3, 1]"), "4: A range is"));
  CHECK(starts(wrong("[1, 3]", "[3, 5 %]"), "4: A range is"));
  CHECK(starts(wrong("{n:3}", "{number}"), "5: \"{number}\" stands for nothing"));
  CHECK(starts(wrong("{n:3}", "{n:13}"), "5: \"{n:13}\" stands for nothing"));
  CHECK(starts(wrong("{n:3}", "{n:3"), "5: "));
  CHECK(starts(wrong("$number", "$numbre"), "5: Unknown draw \"numbre\"; did you mean \"number\"?"));
  CHECK(starts(wrong("weekday: 5,", "weekday: 5, day: 3,"), "6: Here must be one of day, weekday and on."));
  CHECK(starts(wrong("\"09:00\"", "\"25:00\""), "6: Here must be a time of the day"));
  CHECK(starts(wrong("\"10:00\"", "\"08:00\""), "6: It ends before it begins."));
  CHECK(starts(wrong("busy: {weight: 1,", "busy: {weight: 1, below: {share: 5},"), "8: \"share\" is of another sort."));
  CHECK(wrong("busy: {weight: 1,", "busy: {weight: 1, districts: {busy: 1},").front() == "8: Only a province has districts.");
}

TEST_CASE("what can be wrong in a rule") {
  CHECK(wrong("registers: true, ", "").size() == 2);  // of each rule about it
  CHECK(wrong("days: [1, 5],", "days: [1, 5], registers: true,").size() == 2);
  CHECK(starts(wrong("days: [1, 5], ", ""), "12: \"days\" is missing."));
  CHECK(starts(wrong("registers: true,", "registers: true, days: [1, 2],"), "11: Days go with each or after."));
  CHECK(starts(wrong("days: [1, 5],", "days: [1, 5], share: often,"), "12: Here must be a share"));
  CHECK(starts(wrong("days: [1, 5],", "days: share,"), "12: Here must be a number"));
  CHECK(starts(wrong("each: month,", "each: week, since: setled,"), "12: Unknown rule above \"setled\"; did you mean \"settled\"?"));
  CHECK(starts(wrong("each: month,", "each: month, after: settled,"), "12: It is after or each"));
  CHECK(wrong("each: month,", "each: year,").front() == "12: Unknown period \"year\".");
  CHECK(starts(wrong("each: month,", "each: month, by: province,"), "12: Members of kinds belong to districts."));
  CHECK(starts(wrong("each: month,", "each: month, words: [a],"), "12: It is of members or of words"));
  CHECK(starts(wrong("type: harvest, of: [hive]", "type: harvest, of: districts"), "12: Only a province has districts."));
  CHECK(starts(wrong("type: colony, of: [hive], registers: true", "type: colony, of: [hive], registers: true, corrected: {share: 5 %, days: 3}"),
               "11: What registers is not changed"));
  CHECK(starts(wrong("each: month, days: [1, 5], values: {hive: \"{member}\"}", "each: month, days: [1, 5], values: {hive: {$trait: sise}}"),
               "12: No trait \"sise\""));
  CHECK(starts(wrong("each: month, days: [1, 5], values: {hive: \"{member}\"}", "each: month, days: [1, 5], values: {hive: {$one_of_trait: size}}"),
               "12: \"size\" is no set."));
  CHECK(starts(wrong("each: month, days: [1, 5], values: {hive: \"{member}\"}", "each: month, days: [1, 5], values: {hive: {$shape: hexagon}}"),
               "12: There is no shape \"hexagon\""));
}

TEST_CASE("a shape that leads to itself is refused") {
  const auto found = wrong("settings:", "shapes: {a: {$shape: b}, b: {$shape: a}}\nsettings:");
  CHECK(found.empty());  // nobody asks for it
  std::string text(good);
  text.insert(text.find("settings:"), "shapes: {a: {$shape: b}, b: {$shape: a}}\n");
  text.replace(text.find("late_reason: rain"), 17, "late_reason: {$shape: a}");
  const auto described = read_description("bees.yaml", text);
  REQUIRE(described.findings.size() == 1);
  CHECK(described.findings[0].why.find("leads to itself") != std::string::npos);
}

}  // namespace tamroi::sample
