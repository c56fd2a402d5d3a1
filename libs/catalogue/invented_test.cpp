// An indicator that no letter knows, made of YAML alone.
#include <fmt/format.h>
#include <catch2/catch_test_macros.hpp>

#include "catalogue/bundle.h"

using namespace tamroi;
using catalogue::Measure;
using catalogue::none;

namespace {

constexpr const char* units = R"(code,parent,kind,name_th,name_en,region_th
77,TH,province,ก,Somewhere,ภาคใต้
7701,77,district,ข,Here,
)";

constexpr const char* round_file = R"(
round: "2570-1"
label: {th: ก, en: A round}
first_day: 2026-10-01
last_day: 2027-03-31
revisions:
  3: {letter: {number: ว 1, issued_on: 2026-10-02, title: First}}
judgement: {fact: verdict, unit: where, indicator: topic, level: rung, met: yea}
)";

constexpr const char* words_file = R"(
vocabularies: {colour: [red, green, blue]}
registers: {tree: {label: {th: ก, en: tree}, plural: {th: ก, en: trees}}}
)";

constexpr const char* facts_file = R"(
fact_types:
  planting:
    label: {th: ก, en: Planting}
    by: [district]
    registers: tree
    values: {tree: {kind: entity, register: tree}, colour: {kind: choice, vocabulary: colour}}
  watering:
    label: {th: ก, en: Watering}
    by: [district]
    values: {tree: {kind: entity, register: tree}, litres: {kind: integer, minimum: 1}}
  verdict:
    label: {th: ก, en: Verdict}
    by: [province]
    values:
      where: {kind: unit}
      topic: {kind: indicator}
      rung: {kind: integer, minimum: 1, maximum: 5}
      yea: {kind: boolean}
)";

constexpr const char* indicator_file = R"(
number: 8
label: {th: ก, en: Trees}
unit_label: {th: ก, en: level}
kind: individual
weight: 12.5
responsible: someone
coordinator: someone
reason: ""
definition: ""
data_source: ""
method: ""
direction: ""
measures:
  waterings: {label: {th: ก, en: a}, count: {fact: watering}}
  litres: {label: {th: ก, en: a}, sum: {fact: watering, field: litres}}
  newest: {label: {th: ก, en: a}, latest: {fact: watering, field: litres}}
  colours: {label: {th: ก, en: a}, distinct: {fact: planting, field: colour}}
  trees: {label: {th: ก, en: a}, count: {of: {register: tree}}}
  watered:
    label: {th: ก, en: a}
    share:
      of: {pairs: [{register: tree, where: {colour: green}}, {closed: month}], registered_by: first_day}
      having:
        any:
          - {count: {fact: watering}, at_least: 3}
          - {sum: {fact: watering, field: litres}, at_least: 10}
bands:
  needed: [{from: 0, to: 9, needs: 1}, {from: 10, needs: 2}]
evidence:
  1:
    - {requirement: photo, label: {th: ก, en: Photo}, met_by: [{count: {fact: planting}}]}
revisions:
  3:
    1: {label: {th: ก, en: a}, source: s1, criteria: [{measure: waterings, at_least: 5}, {measure: newest, at_least: 1}]}
    2: {label: {th: ก, en: a}, source: s2, criteria: [{measure: colours, at_least: 2, source: own}]}
    3: {label: {th: ก, en: a}, source: s3, criteria: [{measure: watered, at_least: 62.5 %, or: undefined}]}
    4: {label: {th: ก, en: a}, source: s4, criteria: [{measure: litres, at_least: {band: needed, by: {parent: trees}}}]}
    5: {label: {th: ก, en: a}, source: s5, criteria: [{judged: true, given: trees}]}
)";

catalogue::Bundle bundle() {
  return {{"units.csv", units},
          {"round.yaml", round_file},
          {"words.yaml", words_file},
          {"facts.yaml", facts_file},
          {"indicator-8.yaml", indicator_file}};
}

}  // namespace

TEST_CASE("a new indicator with every kind of measure compiles from YAML alone") {
  const auto compiled = catalogue::compile(bundle());
  for (const auto& finding : compiled.findings) {
    UNSCOPED_INFO(fmt::format("{}:{}: {}", finding.file, finding.line, finding.why));
  }
  REQUIRE(compiled.plan != nullptr);
  CHECK(compiled.findings.empty());
  const catalogue::Plan& plan = *compiled.plan;
  const catalogue::Indicator& indicator = plan.indicators.at(0);
  CHECK(indicator.weight_hundredths == 1250);
  CHECK(indicator.measures.size() == 6);
  CHECK(indicator.hidden.size() == 1);
  CHECK(indicator.reads_parent);
  CHECK(indicator.ladder(2) == nullptr);
  const catalogue::Ladder* ladder = indicator.ladder(3);
  REQUIRE(ladder != nullptr);
  CHECK(indicator.ladder(4) == ladder);  // a later revision that does not name it leaves it as it is
  CHECK(ladder->levels[1].criteria[0].source == "own");
  CHECK(ladder->levels[2].criteria[0].needed.value == base::Ratio{6250, 10'000});
  CHECK(ladder->levels[3].criteria[0].needed.by_parent);
  CHECK(plan.judged(8, 5));
  CHECK(plan.evidence.fact == none);
  CHECK(plan.months.size() == 6);
  CHECK(plan.weeks.front().name == "2026-W41");
  CHECK(plan.weeks.back().name == "2027-W12");

  const Measure& watered = plan.measures[5];
  CHECK(watered.having.op == catalogue::Having::Op::Any);
  CHECK(watered.terms.size() == 2);
  CHECK(watered.domain.registered_where.at(0).number == 1);
  CHECK(plan.measures[6].hidden);
}

TEST_CASE("without a binding nothing can be judged or named") {
  catalogue::Bundle files = bundle();
  files["round.yaml"].erase(files["round.yaml"].find("judgement:"));
  std::string& indicator = files["indicator-8.yaml"];
  const std::string met = "met_by: [{count: {fact: planting}}]";
  indicator.replace(indicator.find(met), met.size(), "named: true");
  std::string text;
  for (const auto& finding : catalogue::compile(files).findings) text += finding.why + "\n";
  CHECK(text ==
        "No fact type is bound to evidence in round.yaml, so that nothing can be named.\n"
        "No fact type is bound to judgement in round.yaml.\n");
}
