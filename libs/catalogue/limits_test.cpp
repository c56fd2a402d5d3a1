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

TEST_CASE("an indicator has at most 64 requirements") {
  CHECK(first_error(with_requirements(57)).empty());
  CHECK(first_error(with_requirements(58)) == "indicator-6.yaml: An indicator has at most 64 requirements, not 65.");
}
