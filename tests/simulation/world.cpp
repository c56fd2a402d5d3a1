#include "simulation/world.h"

#include "simulation/mismatch.h"
#include "support/files.h"

namespace tamroi::simulation {

namespace {

// Two provinces are enough: the histories are one's, controls may be the other's alone.
constexpr std::string_view units = R"(code,parent,kind,name_th,name_en,region_th
24,TH,province,ฉะเชิงเทรา,Chachoengsao,ภาคตะวันออก
2401,24,district,เมือง,Mueang,
2402,24,district,บางคล้า,Bang Khla,
83,TH,province,ภูเก็ต,Phuket,ภาคใต้
8301,83,district,เมือง,Mueang,
8302,83,district,กะทู้,Kathu,
8303,83,district,ถลาง,Thalang,
)";

// Puts text behind the first line that is `after`.
void insert(std::string& file, std::string_view after, std::string_view text) {
  const auto line = "\n" + std::string(after) + "\n";
  const auto found = file.find(line);
  require(found != std::string::npos, "no line {} to put more behind", after);
  file.insert(found + line.size(), text);
}

World world(catalogue::Bundle files, catalogue::Bundle later_files) {
  World made{"83", std::move(files), std::move(later_files), nullptr, nullptr, std::make_shared<reporting::Plans>()};
  made.files["units.csv"] = made.later_files["units.csv"] = units;
  const auto compile = [&](const catalogue::Bundle& bundle) {
    const auto compiled = made.plans->compile(bundle);
    for (const auto& finding : compiled.findings) {
      require(compiled.plan != nullptr, "{}:{}: {}", finding.file, finding.line, finding.why);
    }
    return compiled.plan;
  };
  made.plan = compile(made.files);
  made.later_plan = compile(made.later_files);
  for (const auto& finding : catalogue::compare(*made.plan, *made.later_plan))
    throw Mismatch(finding.file + ": " + finding.why);
  return made;
}

std::string five_levels(std::string_view criterion) {
  std::string text;
  for (int level = 1; level <= 5; ++level)
    text +=
        fmt::format("    {}: {{label: {{th: ก, en: a}}, source: s, criteria: [{}{}}}]}}\n", level, criterion, level);
  return text;
}

// What is added comes first, so that every index moves.
catalogue::Bundle later_letter(catalogue::Bundle files) {
  insert(files["round.yaml"], "revisions:", "  3: {letter: {number: ว 9999, issued_on: 2022-09-15, title: Third}}\n");
  insert(files["facts.yaml"], "fact_types:", R"(  advice:
    label: {th: คำแนะนำ, en: Advice}
    by: [district, province]
    values:
      group: {kind: entity, register: group, optional: true}
      dimension: {kind: choice, vocabulary: dimension}
)");
  insert(files["indicator-6.yaml"], "measures:", R"(  helped_twice:
    label: {th: ก, en: Helped twice}
    count: {of: {register: household}, having: {count: {fact: household_help}, at_least: 2}}
)");
  insert(files["indicator-6.yaml"], "revisions:", "  3:\n" + five_levels("{measure: helped_twice, at_least: "));
  files["indicator-4.yaml"] = R"(number: 4
label: {th: ก, en: Advice and visits}
unit_label: {th: ก, en: level}
kind: individual
weight: 5
responsible: someone
coordinator: someone
reason: ""
definition: ""
data_source: ""
method: ""
direction: ""
measures:
  visits_of_all: {label: {th: ก, en: a}, count: {fact: mentor_visit}}
  advised: {label: {th: ก, en: a}, distinct: {fact: advice, field: dimension}}
evidence:
  1:
    - {requirement: advice_book, label: {th: ก, en: a}, named: true}
revisions:
  2:
    1: {label: {th: ก, en: a}, source: s, criteria: [{measure: visits_of_all, at_least: 1}]}
    2: {label: {th: ก, en: a}, source: s, criteria: [{measure: visits_of_all, at_least: 2}]}
    3: {label: {th: ก, en: a}, source: s, criteria: [{measure: visits_of_all, at_least: 3}]}
    4: {label: {th: ก, en: a}, source: s, criteria: [{measure: advised, at_least: 1}]}
    5: {label: {th: ก, en: a}, source: s, criteria: [{measure: advised, at_least: 2}]}
)";
  return files;
}

catalogue::Bundle later_orchard(catalogue::Bundle files) {
  insert(files["round.yaml"], "revisions:", "  6: {letter: {number: สม 6, issued_on: 2023-01-15, title: Sixth}}\n");
  insert(files["indicator-9.yaml"],
         "measures:", "  ponds: {label: {th: ก, en: Ponds}, count: {of: {register: pond}}}\n");
  insert(files["indicator-9.yaml"], "revisions:", "  6:\n" + five_levels("{measure: ponds, at_least: "));
  return files;
}

}  // namespace

const World& world_of_the_letter() {
  static const World made = world(support::read_bundle_2565_2(), later_letter(support::read_bundle_2565_2()));
  return made;
}

const World& invented_world() {
  const auto files = [] { return support::read_bundle(support::source_dir() / "tests/scenarios/invented/orchard"); };
  static const World made = world(files(), later_orchard(files()));
  return made;
}

}  // namespace tamroi::simulation
