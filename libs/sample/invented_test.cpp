#include "sample/history.h"

#include <catch2/catch_test_macros.hpp>

#include "base/json.h"

// A history of bees: nothing in the code knows what a description is about.
namespace tamroi::sample {
namespace {

constexpr std::string_view description = R"(
round: "2570-1"
first_day: 2026-10-01
last_day: 2026-11-30
settings:
  counted: 100 %
  honey: [3, 9]
  batch: 4
  repeated: 0 %
  mistaken: 0 %
kinds:
  hive: {country: 120, least: 1, named: "hive-{unit}-{n:3}", traits: {queens: {$some_of: {of: [black, golden], chance: 50 %}}}}
calendars:
  fridays: [{weekday: 5, from: "09:00", to: "10:00"}, {on: 2026-12-02, from: "09:00", to: "09:00"}]
classes:
  district:
    busy: {weight: 1, calendar: fridays, as: "keeper@{unit}"}
    sleepy: {weight: 1, calendar: fridays, as: "keeper@{unit}", settings: {counted: 50 %, repeated: 100 %, mistaken: 100 %}}
  province:
    office: {weight: 1, calendar: fridays, as: "inspector@{unit}"}
units:
  "24": {class: office, counts: {hive: 30}}
  "2401": {class: sleepy}
  "2402": {class: busy}
facts:
  - {name: settled, type: colony, of: [hive], registers: true, within: [2026-10-01, 2026-10-05], values: {hive: "{member}", queens: {$trait: queens}}}
  - {type: harvest, of: [hive], each: month, days: [10, 20], share: counted, withdrawn: {share: 100 %, days: [7, 7]}, values: {hive: "{member}", jars: {$number: honey}, month: "{month}"}}
  - {by: province, type: fair, words: [spring, autumn], within: [2026-11-02, 2026-11-06], values: {season: "{word}", held: true}}
mistakes:
  - {entry: {type: swarm, days_ahead: 2, values: {at: "{unit}"}}}
sending: {minutes: 30, entries: batch, repeated: repeated, mistaken: mistaken, late_reason: rain, change_reason: counted twice}
controls:
  - {at: "2026-10-01 08:00", as: queen@TH, body: {type: begun, letter: {number: 7}}}
  - {each: month, days_after: 3, time: "12:00", closes: true, as: queen@TH, body: {type: ended, month: "{month}"}}
)";

constexpr std::string_view units =
    "code,parent,kind,name_th,name_en,region_th\n"
    "24,TH,province,ก,A,ภาคตะวันออก\n"
    "2401,24,district,ข,B,\n"
    "2402,24,district,ค,C,\n"
    "50,TH,province,ง,D,ภาคเหนือ\n"
    "5001,50,district,จ,E,\n";

History bees(const Wish& wish = {}) {
  const auto described = read_description("bees.yaml", description);
  for (const auto& finding : described.findings) FAIL(finding.line << ": " << finding.why);
  return {described.description, catalogue::Units::parse_csv(units).units, wish};
}

std::string text_of(const Wish& wish = {}) {
  auto history = bees(wish);
  std::string all;
  while (const auto line = history.next()) all += to_text(*line);
  return all;
}

std::vector<Line> lines_of(const std::string& as, const Wish& wish = {}) {
  auto history = bees(wish);
  std::vector<Line> lines;
  while (auto line = history.next()) {
    if (line->as == as) lines.push_back(std::move(*line));
  }
  return lines;
}

std::size_t count(std::string_view text, std::string_view what) {
  std::size_t found = 0;
  for (auto at = text.find(what); at != std::string_view::npos; at = text.find(what, at + 1)) ++found;
  return found;
}

std::string bodies(const std::vector<Line>& lines) {
  std::string all;
  for (const auto& line : lines) all += line.body + "\n";
  return all;
}

}  // namespace

TEST_CASE("a seed gives the same bytes, another seed others") {
  const auto one = text_of({.seed = 7});
  CHECK(one == text_of({.seed = 7}));
  CHECK(one != text_of({.seed = 8}));
}

TEST_CASE("time never goes back, and every line is one that can be read again") {
  auto history = bees();
  base::Json document;
  base::Instant before;
  std::size_t lines = 0;
  while (const auto line = history.next()) {
    CHECK(before <= line->at);
    before = line->at;
    auto text = to_text(*line);
    text.pop_back();
    const auto read = parse_line(text, document);
    REQUIRE(read.has_value());
    CHECK(read->at == line->at);
    CHECK(read->as == line->as);
    CHECK(read->control == line->control);
    CHECK(read->rejected == line->rejected);
    CHECK(read->body == line->body);
    ++lines;
  }
  CHECK(lines > 20);
}

TEST_CASE("a part of the country is sent as within the whole") {
  CHECK(bodies(lines_of("keeper@2402")) == bodies(lines_of("keeper@2402", {.province = "24"})));
  CHECK(lines_of("keeper@5001", {.province = "24"}).empty());
}

TEST_CASE("every member is registered once, in submissions of the size that is set") {
  const auto lines = lines_of("keeper@2402");
  const auto all = bodies(lines);
  CHECK(count(all, "colony") + count(bodies(lines_of("keeper@2401")), "colony") / 3 == 30);
  CHECK(count(all, R"("hive":"hive-2402-001","queens":[)") == 1);
  for (const auto& line : lines) CHECK(count(line.body, R"("op":)") <= 4);
}

TEST_CASE("a share is of the pairs of member and month, for exactly so many") {
  const auto hives = count(bodies(lines_of("keeper@2402")), "colony");
  CHECK(count(bodies(lines_of("keeper@2402")), "harvest") == 2 * hives);
  // The other district sends each submission with a mistake, then right, then again.
  const auto sleepy = bodies(lines_of("keeper@2401"));
  CHECK(count(sleepy, "harvest") == 3 * (count(sleepy, "colony") / 3));
}

TEST_CASE("what is sent after its month has closed gives a reason, and so does what changes") {
  for (const auto& line : lines_of("keeper@2402")) {
    const bool october = line.body.find("2026-10") != std::string::npos;
    const bool closed = line.at >= base::bangkok_time(base::from_civil({2026, 11, 3}), 12, 0);
    const bool withdraws = line.body.find("withdraw") != std::string::npos;
    INFO(to_text(line));
    CHECK((line.body.find(R"("reason":)") != std::string::npos) == (withdraws || (october && closed)));
    if (withdraws) CHECK(line.body.find(R"("reason":"counted twice")") != std::string::npos);
  }
}

TEST_CASE("a mistake is sent first, then the same without it, then again") {
  const auto lines = lines_of("keeper@2401");
  REQUIRE(lines.size() % 3 == 0);
  for (std::size_t i = 0; i < lines.size(); i += 3) {
    CHECK(lines[i].rejected);
    CHECK(lines[i].body.find("swarm") != std::string::npos);
    CHECK(lines[i + 1].at.micros == lines[i].at.micros + std::int64_t{30} * 60'000'000);
    CHECK_FALSE(lines[i + 1].rejected);
    CHECK(lines[i + 1].body.find("swarm") == std::string::npos);
    CHECK(lines[i + 1].body.find(lines[i].body.substr(7, 36)) == std::string::npos);
    CHECK(lines[i + 2].body == lines[i + 1].body);
  }
}

TEST_CASE("what a province sends, and the controls") {
  const auto office = bodies(lines_of("inspector@24"));
  CHECK(count(office, R"("values":{"season":"spring","held":true})") == 1);
  CHECK(count(office, "fair") == 2);
  const auto controls = lines_of("queen@TH");
  REQUIRE(controls.size() == 3);
  CHECK(controls[0].control);
  CHECK(controls[0].body.ends_with(R"("type":"begun","letter":{"number":7}})"));
  CHECK(to_text(controls[2]).starts_with(R"({"at":"2026-12-03T12:00:00+07:00","as":"queen@TH","to":"controls",)"));
  CHECK(controls[2].body.ends_with(R"("type":"ended","month":"2026-11"})"));
}

TEST_CASE("the number of members is exact at every scale, but for the least") {
  const auto hives = [](const Wish& wish) {
    std::uint64_t sum = 0;
    for (const auto& place : bees(wish).places()) {
      for (const auto count : place.counts) sum += count;
    }
    return sum;
  };
  CHECK(hives({}) == 120);
  CHECK(hives({.province = "24"}) == 30);
  CHECK(hives({.scale = 100'000}) == 12);
  CHECK(hives({.scale = 100'000, .entire = {"24"}}) == 30 + 9);
  CHECK(hives({.scale = 100}) == 3);
  CHECK_THROWS_AS(bees({.province = "2401"}), std::invalid_argument);
  CHECK_THROWS_AS(bees({.entire = {"99"}}), std::invalid_argument);
}

}  // namespace tamroi::sample
