// What the fold could not hold is refused before it is published.
#include <fmt/format.h>
#include <catch2/catch_test_macros.hpp>

#include "catalogue/bundle.h"
#include "support/files.h"

using namespace tamroi;

namespace {

// Puts lines behind the first line that is `after` of indicator 6.
catalogue::Compiled compile_with(std::string_view after, const std::string& lines) {
  auto bundle = support::read_bundle_2565_2();
  auto& file = bundle.at("indicator-6.yaml");
  const auto line = fmt::format("\n{}\n", after);
  file.insert(file.find(line) + line.size(), lines);
  return catalogue::compile(bundle);
}

std::string first_error(const catalogue::Compiled& compiled) {
  for (const auto& finding : compiled.findings) {
    if (finding.severity == catalogue::Finding::Severity::Error) return finding.file + ": " + finding.why;
  }
  return "";
}

catalogue::Compiled with_measures(int measures) {
  std::string lines;
  for (int i = 0; i < measures; ++i) {
    lines += fmt::format("  more_{}: {{label: {{th: ก, en: a}}, count: {{of: {{register: household}}}}}}\n", i);
  }
  return compile_with("measures:", lines);
}

catalogue::Compiled with_requirements(int requirements) {
  std::string lines;
  for (int i = 0; i < requirements; ++i) {
    lines += fmt::format("    - {{requirement: more_{}, label: {{th: ก, en: a}}, named: true}}\n", i);
  }
  return compile_with("  2:", lines);
}

}  // namespace

TEST_CASE("at most 64 measures are over one register") {
  // Six are there: four measures, and two of evidence.
  CHECK(first_error(with_measures(58)).empty());
  CHECK(first_error(with_measures(59)) == "words.yaml: More than 64 measures are over the register \"household\".");
}

TEST_CASE("an amount of money is compared with an amount, never by a table") {
  auto bundle = support::read_bundle(support::source_dir() / "tests/scenarios/invented/orchard");
  auto& file = bundle.at("indicator-11.yaml");
  const auto whole = file;
  const auto said = [&](std::string_view from, std::string_view to) {
    file = whole;
    file.replace(file.find(from), from.size(), to);
    return first_error(catalogue::compile(bundle));
  };
  CHECK(said("{measure: last_budget, at_least: 1040}", "{measure: last_budget, at_least: 1041}").empty());
  CHECK(said("{measure: last_budget, at_least: 1040}", "{measure: last_budget, at_least: {band: steps_needed, by: trees}}") ==
        "indicator-11.yaml: A band needs a number or a share, no amount of money.");
  CHECK(said("{measure: last_budget, at_least: 1040}",
             "{measure: last_budget, at_least: {target: true, otherwise: {over: trees, band: sound_share, by: trees}}}") ==
        "indicator-11.yaml: A target is set for a count, not for an amount of money.");
  CHECK(said("{band: steps_needed, by: {parent: trees}}", "{band: steps_needed, by: last_budget}") ==
        "indicator-11.yaml: A band is looked up by a count, not by an amount of money.");
}

TEST_CASE("an indicator has at most 64 requirements") {
  CHECK(first_error(with_requirements(57)).empty());
  CHECK(first_error(with_requirements(58)) == "indicator-6.yaml: An indicator has at most 64 requirements, not 65.");
}
