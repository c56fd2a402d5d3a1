#pragma once

#include <optional>
#include <string>
#include <vector>

#include "catalogue/plan.h"
#include "scoring/snapshot.h"

namespace tamroi::scoring {

// The standing of a unit's indicator under a revision; `province` is its province's snapshot (its own for a
// province), which some criteria look up. A team indicator's district has its province's standing: the caller's.
[[nodiscard]] event::Standing stand(const catalogue::Plan& plan, catalogue::Index indicator, std::uint32_t revision,
                                    const Snapshot& own, const Snapshot& province);

// A level's score: level x weight / 5, in ten-thousandths.
[[nodiscard]] std::int64_t score_of(const catalogue::Indicator& indicator, std::uint32_t level);

// One criterion, judged and said.
struct Judged {
  catalogue::Index measure = catalogue::none;  // none: a judgement
  std::string needs;   // ">= 100 %"
  std::string actual;  // "97.3015 %", "3", "undefined"
  bool met = false;
  std::string source;
};
struct LevelExplained {
  std::uint32_t level = 0;
  bool met = false;     // its own criteria
  bool counts = false;  // and all below
  std::vector<Judged> criteria;
  std::vector<std::pair<std::string, bool>> evidence;  // requirement, present
};
[[nodiscard]] std::vector<LevelExplained> explain(const catalogue::Plan& plan, catalogue::Index indicator,
                                                  std::uint32_t revision, const Snapshot& own, const Snapshot& province);

// The points of 100 of an indicator that has them, exact; absent where their condition is not met.
struct Points {
  std::string value;  // two decimals, rounded half up
  std::string of;
};
[[nodiscard]] std::optional<Points> points(const catalogue::Plan& plan, catalogue::Index indicator,
                                           std::uint32_t revision, const Snapshot& own, const Snapshot& province);

}  // namespace tamroi::scoring
