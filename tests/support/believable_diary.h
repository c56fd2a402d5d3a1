#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/uuid.h"
#include "support/believable.h"
#include "support/chance.h"

namespace tamroi::support {

// Days of the round are counted from its first, 2022-04-01.
inline constexpr std::int32_t days_in_round = 183;
inline constexpr std::int32_t month_starts[] = {0, 30, 61, 91, 122, 153, 183};
[[nodiscard]] std::string date_of(std::int32_t day);
[[nodiscard]] std::int32_t month_of(std::int32_t day);
// A version 7 UUID of that day, as text.
[[nodiscard]] std::string id_of(Chance& chance, std::int32_t day);

// One entry of a submission to come: what an officer notes on a day.
struct Note {
  std::int32_t day = 0;
  std::size_t unit = 0;       // 0: the province itself
  std::string entry;          // JSON
  bool needs_reason = false;  // a correction, a withdrawal, or of a month that is closed
};

// What the units of one province note down during the round, in the order of the days. `units` are their codes.
[[nodiscard]] std::vector<Note> diary(const std::vector<std::string>& units, const ProvinceSize& size,
                                      std::uint64_t seed);

}  // namespace tamroi::support
