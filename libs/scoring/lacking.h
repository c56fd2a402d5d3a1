#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "scoring/province_round.h"

namespace tamroi::scoring {

// One member of a measure's domain that does not satisfy it: "7 of 412 lack a second visit in June": which.
struct Lack {
  std::string unit;
  std::string entity;  // empty: the unit itself
  std::string period;  // empty: none
  std::string actual;
};
struct Lacking {
  std::uint64_t total = 0;
  std::vector<Lack> first;  // in order of unit, entity, period
};

inline constexpr std::size_t lacking_max = 100;

// Who keeps a measure from 100 % in a unit (0: the whole province). Nothing for measures without members.
[[nodiscard]] Lacking lacking(const ProvinceRound& round, std::size_t unit, catalogue::Index measure);

}  // namespace tamroi::scoring
