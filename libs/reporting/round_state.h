#pragma once

#include <map>
#include <memory>
#include <string>

#include "scoring/province_round.h"

namespace tamroi::reporting {

// Everything about one round in one province that its fold keeps in memory.
struct RoundState {
  explicit RoundState(std::shared_ptr<const catalogue::Plan> plan, std::string_view province)
      : measures(std::move(plan), province) {}

  scoring::ProvinceRound measures;
  std::uint16_t number = 0;         // within its stream, in the order of their first catalogues
  event::Offset catalogue = 0;      // where the copy with the catalogue in use stands
  bool anew = true;                 // all of it is to be saved anew
  bool opened = false;
  bool closed = false;
  std::map<std::string, std::uint64_t, std::less<>> versions;  // accepted submissions, by unit
  std::map<std::pair<std::size_t, catalogue::Index>, event::Position> last_change;  // by unit and indicator

  [[nodiscard]] const catalogue::Plan& plan() const { return measures.plan(); }
};

// The unit's version that a submission's `expects` is compared with.
[[nodiscard]] inline std::uint64_t version_of(const RoundState& state, std::string_view unit) {
  const auto found = state.versions.find(unit);
  return found == state.versions.end() ? 0 : found->second;
}

}  // namespace tamroi::reporting
