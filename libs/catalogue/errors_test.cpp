// Each row breaks the catalogue of 2565-2 in one place, and says what must be reported of it.
#include <algorithm>

#include <fmt/format.h>
#include <catch2/catch_test_macros.hpp>

#include "catalogue/bundle.h"
#include "support/files.h"

using namespace tamroi;
using catalogue::Finding;

namespace {

struct Breakage {
  const char* file;
  std::string from;  // its first occurrence is replaced
  std::string to;
  const char* why;  // part of the sentence
};

std::size_t line_of(const std::string& text, std::size_t position) {
  return 1 +
         static_cast<std::size_t>(std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(position), '\n'));
}

std::string listed(const std::vector<Finding>& findings) {
  std::string text;
  for (const Finding& finding : findings) text += fmt::format("{}:{}: {}\n", finding.file, finding.line, finding.why);
  return text;
}

void check(const std::vector<Breakage>& table, Finding::Severity severity) {
  const catalogue::Bundle whole = support::read_bundle_2565_2();
  for (const auto& [file, from, to, why] : table) {
    catalogue::Bundle bundle = whole;
    std::string& text = bundle.at(file);
    const std::size_t at = text.find(from);
    INFO(file << ": " << from << " -> " << to);
    REQUIRE(at != std::string::npos);
    text.replace(at, from.size(), to);
    const auto compiled = catalogue::compile(bundle);
    INFO(listed(compiled.findings));
    const bool reported = std::ranges::any_of(compiled.findings, [&](const Finding& finding) {
      return finding.file == file && finding.severity == severity && finding.line == line_of(text, at) &&
             finding.why.find(why) != std::string::npos;
    });
    CHECK(reported);
    CHECK((compiled.plan != nullptr) == (severity == Finding::Severity::Warning));
  }
}

}  // namespace

TEST_CASE("what is no plain YAML is refused with its line") {
  check({{"words.yaml", "[CLM, HLM]", "[CLM, HLM}", "Not YAML"},
         {"words.yaml", "[CLM, HLM]", "&a [CLM, HLM]", "Anchors"},
         {"words.yaml", "[CLM, HLM]", "[&a CLM, *a]", "Aliases"},
         {"words.yaml", "[CLM, HLM]", "!!seq [CLM, HLM]", "Tags"},
         {"words.yaml", "plot_kind:", "dimension:", "\"dimension\" is there twice"},
         {"words.yaml", "[CLM, HLM]", "[[[[[[[[[[[[[[[[[CLM]]]]]]]]]]]]]]]]]", "deep"},
         {"words.yaml", "[CLM, HLM]", "{[CLM]: HLM}", "A key must be a word"}},
        Finding::Severity::Error);
}

TEST_CASE("unknown members, kinds and references are refused with the nearest known word") {
  check(
      {{"round.yaml", "first_day:", "first_dya:", "did you mean \"first_day\"?"},
       {"round.yaml", "judgement: {fact: judgement,", "judgement: {fact: judgment,", "did you mean \"judgement\"?"},
       {"round.yaml", "owed_by: district", "owed_by: distric", "did you mean \"district\"?"},
       {"facts.yaml", "registers: household", "registers: houshold", "did you mean \"household\"?"},
       {"facts.yaml", "kind: choices, vocabulary: dimension", "kind: choices, vocabulary: dimensions",
        "did you mean \"dimension\"?"},
       {"facts.yaml", "{kind: money}", "{kind: mony}", "did you mean \"money\"?"},
       {"facts.yaml", "{kind: money}", "{kind: money, most: 3}", "Unknown member \"most\""},
       {"facts.yaml", "register: group}", "register: groups}", "did you mean \"group\"?"},
       {"facts.yaml", "is: may", "is: mai", "did you mean \"may\"?"},
       {"facts.yaml", "by: [district, province]", "by: [district, region]", "Unknown level of unit"},
       {"indicator-6.yaml", "fact: household_verified", "fact: household_verifid",
        "did you mean \"household_verified\"?"},
       {"indicator-6.yaml", "field: channel", "field: chanel", "did you mean \"channel\"?"},
       {"indicator-6.yaml", "one_of: [survival", "one_of: [survivl", "did you mean \"survival\"?"},
       {"indicator-6.yaml", "{closed: month}", "{closed: week}", "Unknown period"},
       {"indicator-6.yaml", "measure: visits_kept", "measure: visit_kept", "did you mean \"visits_kept\"?"},
       {"indicator-7.yaml", "where: {assessment: may}", "where: {assesment: may}", "did you mean \"assessment\"?"},
       {"indicator-7.yaml", "{band: practices_needed", "{band: practice_needed", "did you mean \"practices_needed\"?"},
       {"indicator-5.yaml", "of: {choice: work_group}", "of: {choice: work_groups}", "did you mean \"work_group\"?"}},
      Finding::Severity::Error);
}

TEST_CASE("values of the wrong form are refused") {
  check({{"round.yaml", "first_day: 2022-04-01", "first_day: 2022-04-31", "no date"},
         {"round.yaml", "round: \"2565-2\"", "round: 2565/2", "A round is named by"},
         {"round.yaml", "    day: 20", "    day: 31", "an integer from 1 to 28"},
         {"round.yaml", "first_month: 2022-08", "first_month: 2022-10", "no month of the round"},
         {"round.yaml", "  1: {letter", "  one: {letter", "must be a number"},
         {"words.yaml", "CLM, HLM", "CLM, CLM", "is there twice"},
         {"words.yaml", "CLM, HLM", "CLM, 9", "is no name"},
         {"words.yaml", "[CLM, HLM]", "word", "a list that is not empty"},
         {"facts.yaml", "{kind: integer, minimum: 1}", "{kind: integer, minimum: -1}", "an integer from 0"},
         {"facts.yaml", "minimum: 1, maximum: 5", "minimum: 6, maximum: 5", "minimum is above"},
         {"facts.yaml", "minimum: \"0.01\"", "minimum: \"0.001\"", "at most two decimals"},
         {"facts.yaml", "optional: true", "optional: yes", "true or false"},
         {"facts.yaml", "{th: แปลงโคก หนอง นา, en: Plot}", "{th: แปลงโคก หนอง นา}", "\"en\" is missing"},
         {"facts.yaml", "{from: 2022-05-15, to: 2022-05-15}", "{from: 2022-05-16, to: 2022-05-15}",
          "end before they begin"},
         {"indicator-6.yaml", "number: 6", "number: 8", "belongs into indicator-8.yaml"},
         {"indicator-6.yaml", "kind: individual", "kind: single", "Unknown kind of indicator"},
         {"indicator-6.yaml", "weight: 10", "weight: 101", "at most 100"},
         {"indicator-6.yaml", "at_least: 30 %", "at_least: 30%", "neither an integer nor a percentage"},
         {"indicator-7.yaml", "to: 20, needs: 1}", "to: 0, needs: 1}", "ends before it begins"}},
        Finding::Severity::Error);
}

TEST_CASE("fact types that contradict themselves are refused") {
  check({{"facts.yaml", "document, url]\n\n  publicity", "title]\n\n  publicity", "must be optional"},
         {"facts.yaml", "{field: work_group, by: indicator, is: 5}", "{field: channel, by: indicator, is: 5}",
          "must be optional"},
         {"facts.yaml", "is: 5}", "is: 8}", "never names indicator 8"},
         {"facts.yaml", "limit: all_households}", "limit: nothing}", "Unknown field"},
         {"facts.yaml", "registers: plot", "registers: kind", "always names an entity"},
         {"facts.yaml", "indicator: indicator}", "indicator: document}", "holds no indicator"},
         {"facts.yaml", "{by: assessment, is: may,", "{by: assessment,", "\"is\" is missing"},
         {"round.yaml", "met: met}", "met: level}", "of another kind"}},
        Finding::Severity::Error);
}

TEST_CASE("measures that cannot be computed are refused") {
  check(
      {{"indicator-6.yaml", "count: {fact: household_verified}", "count: {fact: publicity}",
        "exactly one field that names a member"},
       {"indicator-6.yaml", "{closed: month}], registered_by", "{register: household}], registered_by", "must differ"},
       {"indicator-6.yaml", "{units: district}, {closed: iso_week}]", "{units: district}]", "made of two domains"},
       {"indicator-6.yaml", "{units: district}, {closed: iso_week}]", "{register: household}, {units: district}]",
        "one district"},
       {"indicator-6.yaml", "{units: district}, {closed: month}]",
        "{units: district}, {closed: month}], registered_by: first_day", "Only a register paired"},
       {"indicator-6.yaml", "of: {units: district}", "of: {units: province}", "Only the districts"},
       {"indicator-6.yaml", "{has_all: [health", "{present: false, has_all: [health", "either present or has_all"},
       {"indicator-6.yaml", "{count: {fact: mentor_visit}, at_least: 2}", "{count: {fact: mentor_visit}}",
        "\"at_least\" is missing"},
       {"indicator-6.yaml", "{count: {fact: mentor_visit}, at_least: 2}", "{at_least: 2}", "A test is on one of"},
       {"indicator-6.yaml", "{count: {fact: mentor_visit}, at_least: 2}", "{count: {fact: mentor_visit}, at_least: 0}",
        "always holds"},
       {"indicator-6.yaml", "one_of: [survival, sufficiency, sustainability]", "at_least: 2", "compared with one_of"},
       {"indicator-7.yaml", "elements_of: strategies", "elements_of: scope", "cannot be used so"},
       {"indicator-7.yaml", "count: {fact: best_practice}", "count: {fact: plot_assessment, from_parent: {}}",
        "A province never has"},
       {"indicator-7.yaml", "count: {fact: best_practice}", "count: {fact: best_practice, field: title}",
        "Unknown member \"field\""},
       {"indicator-7.yaml", "count: {of: {register: plot}}", "number: {of: {register: plot}}", "Unknown member"},
       {"indicator-5.yaml", "field: amount}}", "field: group}}", "cannot be used so"},
       {"indicator-5.yaml", "defined: every", "defined: any", "Unknown rule"}},
      Finding::Severity::Error);
}

TEST_CASE("criteria that compare what cannot be compared are refused") {
  check({{"indicator-6.yaml", "channels, at_least: 3", "channels, at_least: 3 %", "is a number"},
         {"indicator-6.yaml", "visits_kept, at_least: 100 %", "visits_kept, at_least: 2", "is a share"},
         {"indicator-6.yaml", "or: undefined", "or: nothing", "Only \"or: undefined\""},
         {"indicator-7.yaml", "{judged: true,", "{judged: true, measure: plots,",
          "does not belong to a judged criterion"},
         {"indicator-7.yaml", "{target: true, otherwise: {over: plots, band: grade_a_share,",
          "{target: true, otherwise: {over: plots, band: practices_needed,", "table of shares"},
         {"indicator-7.yaml", "by: plots}, given: plots}", "by: assessed_may}, given: plots}", "not by a share"},
         {"indicator-7.yaml", "shares: [assessed_may", "shares: [plots", "is no share"},
         {"indicator-7.yaml", "needs: 5}", "needs: 5 %}", "either numbers or shares"},
         {"indicator-7.yaml", "named: true}", "named: false}", "named by evidence, met by facts, or both"},
         {"indicator-5.yaml", "  5:\n    - {requirement", "  6:\n    - {requirement", "There is no level 6"},
         {"indicator-5.yaml", "  2:\n    1:\n", "  3:\n    1:\n", "no revision 3"},
         {"indicator-5.yaml", "requirement: target_group_register", "requirement: action_plan", "is there twice"}},
        Finding::Severity::Error);
}

TEST_CASE("the linter warns of what is allowed and looks wrong") {
  check({{"indicator-5.yaml",
          "    3:\n      label: {th: ดำเนินการ 3 กลุ่มงาน, en: Activity in 3 work groups}\n      source: \"Letter ว 4580, "
          "3 Aug 2565, indicator 5, level 3\"\n      criteria: [{measure: work_groups_active, at_least: 3}]",
          "    3:\n      label: {th: ก, en: a}\n      source: a\n      criteria: [{measure: work_groups_active, "
          "at_least: 1}]",
          "asks for less of"},
         {"indicator-5.yaml",
          "    3:\n      label: {th: ดำเนินการ 3 กลุ่มงาน, en: Activity in 3 work groups}\n      source: \"Letter ว 4580, "
          "3 Aug 2565, indicator 5, level 3\"\n      criteria: [{measure: work_groups_active, at_least: 3}]",
          "    3:\n      label: {th: ก, en: a}\n      source: a\n      criteria: [{measure: work_groups_active, "
          "at_least: 4}]",
          "cannot be reached"},
         {"indicator-6.yaml", "  channels:\n",
          "  more: {label: {th: ก, en: a}, count: {fact: publicity}}\n  channels:\n", "is used by no criterion"},
         {"indicator-7.yaml", "  practices_needed:\n    - {from: 1, to: 20",
          "  practices_needed:\n    - {from: 1, to: 21", "overlap"},
         {"indicator-7.yaml", "  practices_needed:\n    - {from: 1, to: 20",
          "  practices_needed:\n    - {from: 1, to: 19", "from 20 to 20 are in no band"},
         {"indicator-7.yaml", "  practices_needed:\n    - {from: 1,", "  practices_needed:\n    - {from: 2,",
          "below 2 are in no band"},
         {"indicator-7.yaml", "  grade_a_share:\n    - {from: 1, to: 20, needs: 100 %",
          "  grade_a_share:\n    - {from: 1, to: 20, needs: 101 %", "never be reached"},
         {"indicator-7.yaml", "  grade_a_share:\n", "  unused: [{from: 1, needs: 1}]\n  grade_a_share:\n",
          "nothing uses it"}},
        Finding::Severity::Warning);
}

TEST_CASE("all problems of all files come at once, in order of file and line") {
  catalogue::Bundle bundle = support::read_bundle_2565_2();
  const auto break_in = [&](const char* file, const std::string& from, const std::string& to) {
    std::string& text = bundle.at(file);
    text.replace(text.find(from), from.size(), to);
  };
  break_in("round.yaml", "    day: 20", "    day: 0");
  break_in("facts.yaml", "{kind: money}", "{kind: mony}");
  break_in("indicator-6.yaml", "weight: 10", "weight: ten");
  break_in("indicator-7.yaml", "models_in_use, at_least: 1", "model_in_use, at_least: 1");
  const auto compiled = catalogue::compile(bundle);
  INFO(listed(compiled.findings));
  CHECK(compiled.plan == nullptr);
  for (const char* file : {"round.yaml", "facts.yaml", "indicator-6.yaml", "indicator-7.yaml"}) {
    CHECK(std::ranges::any_of(compiled.findings, [&](const Finding& finding) { return finding.file == file; }));
  }
  CHECK(std::ranges::is_sorted(compiled.findings, {}, [](const Finding& f) { return std::tie(f.file, f.line); }));
}

TEST_CASE("missing and unknown files are refused") {
  catalogue::Bundle bundle = support::read_bundle_2565_2();
  bundle.erase("units.csv");
  bundle["fact.yaml"] = "a: b";
  bundle["facts.yaml"] = "";
  const std::string text = listed(catalogue::compile(bundle).findings);
  CHECK(text.find("units.csv:0: The file is missing.") != std::string::npos);
  CHECK(text.find("did you mean \"facts.yaml\"?") != std::string::npos);
  CHECK(text.find("facts.yaml:0: The file is empty.") != std::string::npos);
  CHECK(catalogue::compile({}).plan == nullptr);
}

TEST_CASE("weights above 100 % and registers that nothing fills are refused") {
  catalogue::Bundle bundle = support::read_bundle_2565_2();
  const auto replace = [&](const char* file, const std::string& from, const std::string& to) {
    std::string& text = bundle.at(file);
    text.replace(text.find(from), from.size(), to);
  };
  replace("indicator-5.yaml", "weight: 20", "weight: 80.01");
  replace("facts.yaml", "    registers: plot\n", "");
  const std::string text = listed(catalogue::compile(bundle).findings);
  CHECK(text.find("100.01 %") != std::string::npos);
  CHECK(text.find("Register \"plot\" must be filled by exactly one fact type, not by 0.") != std::string::npos);
}
