// Renames every word of the letter and expects the same plan: the program knows none of them.
#include <algorithm>
#include <set>

#include <fmt/format.h>
#include <catch2/catch_test_macros.hpp>

#include "catalogue/bundle.h"
#include "support/files.h"
#include "support/yaml_json.h"

using namespace tamroi;
using catalogue::Plan;
using catalogue::Value;

namespace {

std::string renamed(const std::string& word) { return "q" + std::string(word.rbegin(), word.rend()) + "_1"; }

// Members whose keys are words of the letter, and members whose value is one or lists some.
const std::set<std::string> keyed{"fact_types", "values", "where", "measures", "vocabularies", "registers", "bands"};
const std::set<std::string> named{
    "fact",   "field",      "by", "limit",     "measure", "given", "over", "parent",      "elements_of", "register",
    "choice", "vocabulary", "is", "indicator", "unit",    "level", "met",  "requirement", "registers",   "band"};
const std::set<std::string> listed{"shares", "one_of", "has_all", "one_at_least"};

void rename_word(Value& value) {
  if (value.kind == Value::Kind::List) {
    for (Value& item : value.items) rename_word(item);
    return;
  }
  const bool number = !value.text.empty() && value.text.find_first_not_of("0123456789") == std::string::npos;
  if (value.kind == Value::Kind::Scalar && !number && value.text != "true" && value.text != "false") {
    value.text = renamed(value.text);
  }
}

void rename_in(Value& value, const std::string& parent) {
  const std::string key = value.key;
  if (keyed.contains(parent)) value.key = renamed(key);
  const bool word = value.kind == Value::Kind::Scalar && (named.contains(key) || parent == "where");
  const bool list = value.kind == Value::Kind::List && (listed.contains(key) || parent == "vocabularies");
  if (word || list) return rename_word(value);
  for (Value& item : value.items) rename_in(item, key);
}

// Everything by index and number, nothing by name.
std::string shape(const Plan& plan) {
  std::string text;
  for (const auto& type : plan.fact_types) {
    text += fmt::format("{} {} {} |", type.by_district, type.by_province, type.registers);
    for (const auto& field : type.fields) {
      text += fmt::format(" {} {} {} {} {} {} {}", static_cast<int>(field.kind), field.set, field.optional,
                          field.vocabulary, field.entity_register, field.of_field, field.maximum);
    }
    for (const auto& rule : type.required_with) text += fmt::format(" {}:{}:{}", rule.field, rule.by, rule.number);
    for (const auto& rule : type.dates) text += fmt::format(" {}:{}:{}", rule.by, rule.number, rule.from.days);
    text += fmt::format(" feeds {}\n", fmt::join(type.feeds, ","));
  }
  for (const auto& term : plan.terms) {
    text += fmt::format("{} {} {} {} {} {} {} {}", static_cast<int>(term.kind), term.measure, term.fact, term.field,
                        term.entity_field, term.choice_field, term.from_parent, term.slot);
    for (const auto& condition : term.where)
      text += fmt::format(" {}={}/{}", condition.field, condition.number, condition.mask);
    text += "\n";
  }
  for (const auto& measure : plan.measures) {
    text += fmt::format("{} {} {} {} {} {}\n", static_cast<int>(measure.kind), measure.hidden, measure.indicator,
                        measure.domain.entity_register, measure.domain.vocabulary, fmt::join(measure.terms, ","));
  }
  for (const auto& indicator : plan.indicators) {
    for (const auto& ladder : indicator.ladders) {
      for (const auto& level : ladder.levels) {
        for (const auto& criterion : level.criteria) {
          text += fmt::format("{} {} {} {}\n", criterion.measure, criterion.given, criterion.needed.band,
                              criterion.needed.by);
        }
        for (const auto& requirement : level.evidence)
          text += fmt::format("  {}\n", fmt::join(requirement.measures, ","));
      }
    }
  }
  return text;
}

}  // namespace

TEST_CASE("a catalogue whose every word is renamed compiles to the same plan") {
  const catalogue::Bundle bundle = support::read_bundle_2565_2();
  catalogue::Bundle other_words;
  for (const auto& [file, text] : bundle) {
    other_words[file] = text;
    if (file == "units.csv") continue;
    std::vector<catalogue::Finding> findings;
    catalogue::Reporter reporter(file, findings);
    auto value = catalogue::parse_yaml(text, reporter);
    REQUIRE(value);
    rename_in(*value, "");
    other_words[file] = support::to_json(*value);
  }
  const auto original = catalogue::compile(bundle);
  const auto changed = catalogue::compile(other_words);
  for (const auto& finding : changed.findings) UNSCOPED_INFO(finding.file << ": " << finding.why);
  REQUIRE(original.plan != nullptr);
  REQUIRE(changed.plan != nullptr);
  for (const auto& type : original.plan->fact_types) CHECK(changed.plan->fact_type(type.name) == catalogue::none);
  for (const auto& list : changed.plan->vocabularies) {
    CHECK(std::ranges::all_of(list.words, [](const std::string& word) { return word.starts_with("q"); }));
  }
  CHECK(shape(*changed.plan) == shape(*original.plan));
}
