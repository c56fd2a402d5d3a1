#include "scoring/snapshot.h"

#include <algorithm>

#include <fmt/format.h>

namespace tamroi::scoring {
namespace {

using catalogue::Index;
using catalogue::Plan;

// "LEVEL/requirement" of each requirement of an indicator, in the order of the evidence bits.
std::vector<std::string> requirement_names(const Plan& plan, Index indicator) {
  std::vector<std::string> names;
  const auto& ladders = plan.indicators[indicator].ladders;
  if (ladders.empty()) return names;
  for (const auto& level : ladders.front().levels) {
    for (const auto& requirement : level.evidence) names.push_back(fmt::format("{}/{}", level.level, requirement.name));
  }
  return names;
}

std::string members_of(const Plan& plan, const catalogue::Measure& measure) {
  if (measure.domain.entity_register != catalogue::none) return plan.registers[measure.domain.entity_register].plural.en;
  return measure.domain.districts ? "districts" : "members";
}

std::string reason(const Plan& plan, const catalogue::Measure& measure, const Snapshot::Value& value) {
  const auto lacking = [&](std::size_t term) {
    return fmt::format("{} of {} {} have no {}", value.missing, value.members, members_of(plan, measure),
                       plan.fact_types[plan.terms[measure.terms[term]].fact].label.en);
  };
  switch (value.why) {
    case NoClosedPeriod: return "no period is closed yet";
    case MissingFrom: return lacking(0);
    case MissingTo: return lacking(1);
    case NoBase: return "the base is nothing";
    case NoFact: return "there is no such fact";
    default: return fmt::format("there are no {}", members_of(plan, measure));
  }
}

}  // namespace

event::Figure figure(const Plan& plan, Index measure, const Snapshot::Value& value) {
  event::Figure figure{plan.measures[measure].name, value.form, value.numerator, value.denominator, {}};
  if (value.form == event::Figure::Form::Undefined) {
    figure.numerator = figure.denominator = 0;
    figure.reason = reason(plan, plan.measures[measure], value);
  }
  return figure;
}

event::HistoryRow to_row(const Plan& plan, Index indicator, std::string_view unit, const Snapshot& snapshot) {
  event::HistoryRow row;
  row.round = plan.round;
  row.unit = unit;
  row.indicator = plan.indicators[indicator].number;
  const auto& measures = plan.indicators[indicator].measures;
  for (std::size_t i = 0; i < measures.size(); ++i) row.figures.push_back(figure(plan, measures[i], snapshot.values[i]));
  const auto names = requirement_names(plan, indicator);
  for (std::size_t i = 0; i < names.size(); ++i) {
    if ((snapshot.evidence >> i & 1) != 0) row.evidence.push_back(names[i]);
  }
  for (const auto& [measure, value] : snapshot.targets) row.targets.emplace_back(plan.measures[measure].name, value);
  for (std::uint32_t level = 1; level <= 5; ++level) {
    if ((snapshot.judged >> level & 1) != 0) row.judged.push_back(level);
  }
  row.standing = snapshot.standing;
  row.revision = snapshot.revision;
  return row;
}

Snapshot from_row(const Plan& plan, Index indicator, const event::HistoryRow& row) {
  Snapshot snapshot;
  const auto& measures = plan.indicators[indicator].measures;
  for (const auto measure : measures) {
    auto& value = snapshot.values.emplace_back();
    const auto found = std::ranges::find(row.figures, plan.measures[measure].name, &event::Figure::measure);
    if (found == row.figures.end()) continue;
    value.form = found->form;
    value.numerator = found->numerator;
    value.denominator = found->denominator;
  }
  const auto names = requirement_names(plan, indicator);
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (std::ranges::find(row.evidence, names[i]) != row.evidence.end()) snapshot.evidence |= 1ULL << i;
  }
  for (const auto& [name, value] : row.targets) {
    for (const auto measure : measures) {
      if (plan.measures[measure].name == name) snapshot.targets.emplace_back(measure, value);
    }
  }
  for (const auto level : row.judged) snapshot.judged |= 1U << level;
  snapshot.standing = row.standing;
  snapshot.revision = row.revision;
  return snapshot;
}

}  // namespace tamroi::scoring
