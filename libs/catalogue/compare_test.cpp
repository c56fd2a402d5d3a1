// What a later bundle of a round may and may not do.
#include <fmt/format.h>
#include <catch2/catch_test_macros.hpp>

#include "catalogue/bundle.h"
#include "support/files.h"

using namespace tamroi;

namespace {

struct Edit {
  const char* file;
  std::string from;
  std::string to;
};

std::shared_ptr<const catalogue::Plan> compiled(const std::vector<Edit>& edits) {
  catalogue::Bundle bundle = support::read_bundle_2565_2();
  for (const auto& [file, from, to] : edits) {
    std::string& text = bundle[file];
    const std::size_t at = text.find(from);
    REQUIRE(at != std::string::npos);
    text.replace(at, from.size(), to);
  }
  const auto result_of = catalogue::compile(bundle);
  for (const auto& finding : result_of.findings)
    UNSCOPED_INFO(finding.file << ":" << finding.line << " " << finding.why);
  REQUIRE(result_of.plan != nullptr);
  return result_of.plan;
}

std::string differences(const std::vector<Edit>& edits) {
  std::string text;
  for (const auto& finding : catalogue::compare(*compiled({}), *compiled(edits))) {
    text += fmt::format("{}: {}\n", finding.file, finding.why);
  }
  return text;
}

constexpr const char* indicator_8 = R"(number: 8
label: {th: ก, en: a}
unit_label: {th: ก, en: level}
kind: individual
weight: 5
responsible: a
coordinator: a
reason: a
definition: a
data_source: a
method: a
direction: a
measures: {items: {label: {th: ก, en: a}, count: {fact: publicity, where: {indicator: 8}}}}
evidence: {1: [{requirement: new_paper, label: {th: ก, en: a}, named: true}]}
revisions:
  2:
    1: {label: {th: ก, en: a}, source: s, criteria: [{measure: items, at_least: 1}]}
    2: {label: {th: ก, en: a}, source: s, criteria: [{measure: items, at_least: 2}]}
    3: {label: {th: ก, en: a}, source: s, criteria: [{measure: items, at_least: 3}]}
    4: {label: {th: ก, en: a}, source: s, criteria: [{measure: items, at_least: 4}]}
    5: {label: {th: ก, en: a}, source: s, criteria: [{measure: items, at_least: 5}]}
)";

}  // namespace

TEST_CASE("the same catalogue changes nothing") { CHECK(differences({}).empty()); }

TEST_CASE("a later bundle may add fact types, indicators, revisions and texts") {
  CHECK(differences({{"facts.yaml", "fact_types:\n",
                      "fact_types:\n  extra:\n    label: {th: ก, en: a}\n    by: [district]\n"
                      "    values: {note: {kind: text}}\n"}})
            .empty());
  CHECK(differences({{"words.yaml", "vocabularies:\n", "vocabularies:\n  colour: [red]\n"}}).empty());
  CHECK(differences({{"indicator-8.yaml", "", indicator_8}}).empty());
  CHECK(differences({{"round.yaml", "  2: {letter",
                      "  3: {letter: {number: ว 9, issued_on: 2022-09-01, title: a}}\n  2: {letter"}})
            .empty());
  CHECK(differences({{"facts.yaml", "en: Plot}", "en: Model plot}"}}).empty());
}

TEST_CASE("a later bundle changes nothing that is in force") {
  const std::vector<std::pair<Edit, std::string>> table{
      {{"round.yaml", "last_day: 2022-09-30", "last_day: 2022-10-31"},
       "round.yaml: Must not change, since it is in force: the time of the round.\n"},
      {{"round.yaml", "issued_on: 2022-08-22", "issued_on: 2022-08-23"},
       "round.yaml: Must not change, since it is in force: revision 2.\n"},
      {{"round.yaml", "    day: 20", "    day: 21"},
       "round.yaml: Must not change, since it is in force: report \"monthly\".\n"},
      {{"facts.yaml", "{kind: entity, register: household}\n      team: {kind: text}",
        "{kind: entity, register: household}\n      team: {kind: text, optional: true}"},
       "facts.yaml: Must not change, since it is in force: field \"team\" of \"mentor_visit\".\n"},
      {{"facts.yaml", "team: {kind: text}", "team: {kind: text}\n      place: {kind: text, optional: true}"},
       "facts.yaml: Must not change, since it is in force: fact type \"mentor_visit\", which has no field "
       "\"place\".\n"},
      {{"facts.yaml", "from: 2022-03-31, to: 2022-03-31", "from: 2022-03-30, to: 2022-03-31"},
       "facts.yaml: Must not change, since it is in force: what holds for \"income_baseline\".\n"},
      {{"words.yaml", "grade: [A, B, C]", "grade: [A, B, C, D]"},
       "facts.yaml: Must not change, since it is in force: field \"grade\" of \"plot_assessment\".\n"},
      {{"indicator-6.yaml", "weight: 10", "weight: 11"},
       "indicator-6.yaml: Must not change, since it is in force: the weight.\n"},
      {{"indicator-6.yaml", "{fact: mentor_visit}, at_least: 2", "{fact: mentor_visit}, at_least: 3"},
       "indicator-6.yaml: Must not change, since it is in force: measure \"visits_kept\".\n"},
      {{"indicator-6.yaml", "at_least: 30 %", "at_least: 31 %"},
       "indicator-6.yaml: Must not change, since it is in force: the criteria of level 5 of revision 1.\n"},
      {{"indicator-5.yaml", "where: {document: {present: true}}", "where: {url: {present: true}}"}, ""},
      {{"indicator-7.yaml", "of: 10, shares", "of: 11, shares"}, ""},
      {{"units.csv", "2401,24,district,เมืองฉะเชิงเทรา,Mueang Chachoengsao,\n", ""},
       "units.csv: Must not change, since it is in force: unit 2401.\n"}};
  for (const auto& [edit, why] : table) {
    INFO(edit.file << ": " << edit.from << " -> " << edit.to);
    const std::string text = differences({edit});
    CHECK_FALSE(text.empty());
    if (!why.empty()) CHECK(text == why);
  }
}
