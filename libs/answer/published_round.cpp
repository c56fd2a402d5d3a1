#include "answer/published_round.h"

#include <algorithm>

#include "base/check.h"
#include "reporting/decision.h"

namespace tamroi::answer {

std::optional<std::size_t> PublishedRound::find(std::string_view code) const {
  const auto found = std::ranges::find(units, code, &Unit::code);
  if (found == units.end()) return std::nullopt;
  return static_cast<std::size_t>(found - units.begin());
}

PublishedRound unpublished(std::shared_ptr<const catalogue::Plan> plan, std::string_view province) {
  const auto* unit = plan->units.find(province);
  CHECK(unit != nullptr);
  std::vector<std::string> codes;
  for (const auto child : unit->children) codes.push_back(plan->units.at(child).code);
  std::ranges::sort(codes);
  codes.insert(codes.begin(), unit->code);
  PublishedRound round{std::move(plan), 0, {}};
  for (auto& code : codes) {
    round.units.push_back({std::move(code), 0, std::vector<PublishedRound::Result>(round.plan->indicators.size())});
  }
  return round;
}

void take(PublishedRound& round, std::size_t unit, catalogue::Index indicator, const event::HistoryRow& row) {
  auto& result = round.units.at(unit).indicators.at(indicator);
  result.snapshot = scoring::from_row(*round.plan, indicator, row);
  result.last_change = row.last_change;
  result.reasons.clear();
  for (const auto measure : round.plan->indicators[indicator].measures) {
    const auto figure = std::ranges::find(row.figures, round.plan->measures[measure].name, &event::Figure::measure);
    result.reasons.push_back(figure == row.figures.end() ? "it was not measured then" : figure->reason);
  }
  round.revision = row.revision;
}

event::Figure figure_of(const PublishedRound& round, std::size_t unit, catalogue::Index indicator, std::size_t measure) {
  const auto& result = round.units.at(unit).indicators.at(indicator);
  auto figure = scoring::figure(*round.plan, round.plan->indicators[indicator].measures[measure], result.snapshot.values[measure]);
  if (figure.form == event::Figure::Form::Undefined && !result.reasons.empty()) figure.reason = result.reasons[measure];
  return figure;
}

PublishedRound published(const reporting::RoundState& state) {
  const auto& measures = state.measures;
  PublishedRound round{measures.plan_pointer(), measures.revision(), {}};
  for (std::size_t u = 0; u < measures.unit_count(); ++u) {
    const auto& code = measures.unit_code(u);
    auto& unit = round.units.emplace_back(code, reporting::version_of(state, code));
    for (catalogue::Index i = 0; i < round.plan->indicators.size(); ++i) {
      auto& result = unit.indicators.emplace_back(measures.published(u, i));
      const auto last = state.last_change.find({u, i});
      if (last != state.last_change.end() && last->second.stream != event::control_stream) result.last_change = last->second;
    }
  }
  return round;
}

}  // namespace tamroi::answer
