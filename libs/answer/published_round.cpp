#include "answer/published_round.h"

#include <algorithm>

#include "reporting/decision.h"

namespace tamroi::answer {

std::optional<std::size_t> PublishedRound::find(std::string_view code) const {
  const auto found = std::ranges::find(units, code, &Unit::code);
  if (found == units.end()) return std::nullopt;
  return static_cast<std::size_t>(found - units.begin());
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
