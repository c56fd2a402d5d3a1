#include <algorithm>

#include <fmt/format.h>

#include "catalogue/draft.h"

namespace tamroi::catalogue {
namespace {

constexpr std::uint32_t levels = 5;

// Which requirements an evidence fact may name: known before any field or condition speaks of them.
void read_nameable(const Value* evidence, std::uint32_t indicator, Plan& plan) {
  if (evidence == nullptr) return;
  for (const Value& level : evidence->items) {
    for (const Value& item : level.items) {
      const Value* name = item.find("requirement");
      const Value* named = item.find("named");
      if (name == nullptr || named == nullptr || named->text != "true") continue;
      auto& words = plan.requirement_words;
      const auto at = std::ranges::find(words, name->text);
      plan.nameable.emplace_back(indicator, static_cast<Index>(at - words.begin()));
      if (at == words.end()) words.push_back(name->text);
    }
  }
}

Measure hidden_measure(Index indicator) {
  Measure measure;
  measure.hidden = true;
  measure.indicator = indicator;
  return measure;
}

// The hidden measure that counts the evidence facts naming a requirement.
Index add_named(const Requirement& requirement, std::size_t line, Index indicator, Draft& draft) {
  Plan& plan = draft.plan;
  const auto& words = plan.requirement_words;
  const auto word = std::ranges::find(words, requirement.name) - words.begin();
  Term term;
  term.measure = static_cast<Index>(plan.measures.size());
  term.fact = plan.evidence.fact;
  term.slot = 0;
  term.where = {Condition{.field = plan.evidence.indicator, .number = plan.indicators[indicator].number},
                Condition{.field = plan.evidence.requirement, .number = word}};
  Measure measure = hidden_measure(indicator);
  measure.terms = {static_cast<Index>(plan.terms.size())};
  measure.adds_up = true;
  plan.terms.push_back(std::move(term));
  return add_measure(std::move(measure), line, draft);
}

Requirement read_requirement(const Value& item, std::uint32_t level, Index indicator, Draft& draft,
                             Reporter& reporter) {
  Plan& plan = draft.plan;
  const Members members(item, reporter, {"requirement", "label", "named", "met_by"});
  Requirement requirement;
  requirement.name = read_name(members.need("requirement"), reporter).value_or("");
  requirement.label = read_label(members.need("label"), reporter);
  const bool named = read_boolean(members.get("named"), reporter).value_or(false);
  if (named) {
    if (plan.evidence.fact == none) {
      reporter.error(item.line, "No fact type is bound to evidence in round.yaml, so that nothing can be named.");
    } else if (plan.evidence.indicator != none && plan.evidence.requirement != none && !requirement.name.empty()) {
      requirement.measures.push_back(add_named(requirement, item.line, indicator, draft));
    }
  }
  if (const Value* met_by = members.get("met_by")) {
    for (const Value& body : read_list(met_by, reporter)) {
      requirement.measures.push_back(read_measure(body, false, hidden_measure(indicator), draft, reporter));
    }
  } else if (!named) {
    reporter.error(item.line, "A requirement is named by evidence, met by facts, or both.");
  }
  for (std::size_t i = 0; i < requirement.measures.size(); ++i) {
    Measure& measure = plan.measures[requirement.measures[i]];
    measure.name = fmt::format("{}/{}/{}/{}", plan.indicators[indicator].number, level, requirement.name, i + 1);
    measure.label = requirement.label;
    plan.indicators[indicator].hidden.push_back(requirement.measures[i]);
  }
  return requirement;
}

}  // namespace

std::vector<std::vector<Requirement>> read_evidence(const Value& file, Reporter& reporter, Draft& draft,
                                                    Index indicator) {
  std::vector<std::vector<Requirement>> evidence(levels);
  const Value* value = file.find("evidence");
  if (value == nullptr) return evidence;
  for (const Value& item : read_map(value, reporter)) {
    const auto level = read_key_number(item, reporter);
    if (level && *level > levels) reporter.error(item.line, fmt::format("There is no level {}.", *level));
    if (!level || *level > levels) continue;
    for (const Value& part : read_list(&item, reporter)) {
      Requirement requirement = read_requirement(part, *level, indicator, draft, reporter);
      auto& all = evidence[*level - 1];
      if (std::ranges::find(all, requirement.name, &Requirement::name) != all.end()) {
        reporter.error(part.line, fmt::format("Requirement \"{}\" is there twice.", requirement.name));
      }
      all.push_back(std::move(requirement));
    }
  }
  return evidence;
}

void read_bands(const Value& file, Reporter& reporter, Draft& draft) {
  Plan& plan = draft.plan;
  const Value* bands = file.find("bands");
  for (const Value& list : read_map(bands, reporter)) {
    BandTable table;
    table.name = list.key;
    static_cast<void>(check_name(list.key, list.line, reporter));
    if (std::ranges::find(plan.tables, list.key, &BandTable::name) != plan.tables.end()) {
      reporter.error(list.line, fmt::format("Band table \"{}\" is there twice.", list.key));
    }
    for (const Value& item : read_list(&list, reporter)) {
      const Members members(item, reporter, {"from", "to", "needs"});
      const auto first = read_integer(members.need("from"), reporter);
      const Value* to = members.get("to");
      const auto last = read_integer(to, reporter);
      const auto needs = read_threshold(members.need("needs"), reporter);
      if (!first || !needs || (to != nullptr && !last)) continue;
      if (last && *last < *first) reporter.error(item.line, "The band ends before it begins.");
      if (table.bands.empty()) table.share = needs->share;
      if (table.share != needs->share) reporter.error(item.line, "A table needs either numbers or shares, not both.");
      table.bands.push_back(
          {static_cast<std::uint64_t>(*first), last ? static_cast<std::uint64_t>(*last) : UINT64_MAX, needs->value});
    }
    plan.tables.push_back(std::move(table));
    draft.table_places.emplace_back(reporter.file(), list.line);
  }
}

void read_indicator(const Value& file, Reporter& reporter, Draft& draft) {
  const Members members(
      file, reporter,
      {"number", "label", "unit_label", "kind", "weight", "responsible", "coordinator", "reason", "definition",
       "data_source", "method", "direction", "measures", "bands", "points", "evidence", "revisions"});
  Indicator indicator;
  const Value* number = members.need("number");
  indicator.number = static_cast<std::uint32_t>(read_integer(number, reporter, 1, 999'999).value_or(0));
  if (indicator.number != 0 && reporter.file() != fmt::format("indicator-{}.yaml", indicator.number)) {
    reporter.error(number->line,
                   fmt::format("Indicator {} belongs into indicator-{}.yaml.", indicator.number, indicator.number));
  }
  indicator.label = read_label(members.need("label"), reporter);
  indicator.unit_label = read_label(members.need("unit_label"), reporter);
  const Value* kind = members.need("kind");
  const auto word = read_text(kind, reporter);
  indicator.team = word == "team";
  if (word && !indicator.team && *word != "individual") {
    reporter.unknown(kind->line, "kind of indicator", *word, {"team", "individual"});
  }
  const Value* weight = members.need("weight");
  indicator.weight_hundredths = read_hundredths(weight, reporter).value_or(0);
  if (indicator.weight_hundredths > 10'000) reporter.error(weight->line, "A weight is at most 100 %.");
  const auto text = [&](std::string_view key) { return read_text(members.need(key), reporter).value_or(""); };
  indicator.responsible = text("responsible");
  indicator.coordinator = text("coordinator");
  indicator.definition = text("definition");
  indicator.data_source = text("data_source");
  indicator.method = text("method");
  for (const char* key : {"reason", "direction"}) static_cast<void>(text(key));  // for readers of the file
  for (const char* key : {"measures", "revisions"}) static_cast<void>(members.need(key));
  read_nameable(members.get("evidence"), indicator.number, draft.plan);
  draft.plan.indicators.push_back(std::move(indicator));
}

}  // namespace tamroi::catalogue
