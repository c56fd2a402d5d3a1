#include "catalogue/plan.h"

#include <algorithm>

namespace tamroi::catalogue {
namespace {

bool takes_target_of(const Plan& plan, const Needed& needed, Index measure, std::string_view name) {
  return needed.kind == Needed::Kind::TargetOrBand && plan.measures[measure].name == name;
}

}  // namespace

const Ladder* Indicator::ladder(std::uint32_t revision) const {
  const Ladder* last = nullptr;
  for (const Ladder& ladder : ladders) {
    if (ladder.revision <= revision) last = &ladder;
  }
  return last;
}

Index Plan::fact_type(std::string_view name) const {
  const auto at = std::ranges::find(fact_types, name, &FactType::name);
  return at == fact_types.end() ? none : static_cast<Index>(at - fact_types.begin());
}

Index Plan::indicator_index(std::uint32_t number) const {
  const auto at = std::ranges::find(indicators, number, &Indicator::number);
  return at == indicators.end() ? none : static_cast<Index>(at - indicators.begin());
}

const Revision* Plan::revision(std::uint32_t number) const {
  const auto at = std::ranges::find(revisions, number, &Revision::number);
  return at == revisions.end() ? nullptr : &*at;
}

const std::vector<Period>& Plan::periods(PeriodKind kind) const {
  static const std::vector<Period> nothing;
  if (kind == PeriodKind::Month) return months;
  return kind == PeriodKind::IsoWeek ? weeks : nothing;
}

Index Plan::period_at(PeriodKind kind, base::Date date) const {
  const std::vector<Period>& all = periods(kind);
  const auto after = std::ranges::upper_bound(all, date, {}, &Period::first);
  if (after == all.begin() || std::prev(after)->last < date) return none;
  return static_cast<Index>(std::prev(after) - all.begin());
}

bool Plan::judged(std::uint32_t indicator, std::uint32_t level) const {
  const Index at = indicator_index(indicator);
  if (at == none) return false;
  for (const Ladder& ladder : indicators[at].ladders) {
    for (const LadderLevel& step : ladder.levels) {
      if (step.level != level) continue;
      const auto by_judgement = [](const Criterion& criterion) { return criterion.kind == Criterion::Kind::Judged; };
      if (std::ranges::any_of(step.criteria, by_judgement)) return true;
    }
  }
  return false;
}

Index Plan::measure(std::uint32_t indicator, std::string_view name) const {
  const Index at = indicator_index(indicator);
  if (at == none) return none;
  for (const Index measure : indicators[at].measures) {
    if (measures[measure].name == name) return measure;
  }
  return none;
}

bool Plan::takes_target(std::uint32_t indicator, std::string_view measure) const {
  const Index at = indicator_index(indicator);
  if (at == none) return false;
  for (const Ladder& ladder : indicators[at].ladders) {
    for (const LadderLevel& step : ladder.levels) {
      for (const Criterion& criterion : step.criteria) {
        if (takes_target_of(*this, criterion.needed, criterion.measure, measure)) return true;
      }
    }
    for (const PointsPart& part : ladder.points) {
      if (takes_target_of(*this, part.needed, part.measure, measure)) return true;
    }
  }
  return false;
}

}  // namespace tamroi::catalogue
