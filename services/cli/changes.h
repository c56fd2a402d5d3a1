#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <tuple>
#include <vector>

#include <boost/json.hpp>

#include "cli/look.h"

namespace tamroi::cli {

// "6.00 → 10.00", or the value alone where both sides are the same.
[[nodiscard]] std::string moved(const std::string& before, const std::string& after);

// The parts of a change's standing that differ: "level 0 → 1, score 0.00 → 2.00"; "" where none does.
[[nodiscard]] std::string standing_changes(const boost::json::object& change);
// The measures that differ: "speed 50 % (1 of 2) → 100 % (2 of 2)" each.
[[nodiscard]] std::vector<std::string> measure_changes(const boost::json::object& change);
// Whether the level went up or down.
[[nodiscard]] Tone tone_of(const boost::json::object& change);

// What many records changed in the end: of each result the first standing before and the last after them.
class ChangeSummary {
 public:
  void add(const boost::json::object& change);
  // A result with its measures on some lines, by unit and indicator; "" where nothing differs in the end.
  [[nodiscard]] std::string shown(const Look& look) const;

 private:
  using Result = std::tuple<std::string, std::string, std::int64_t>;  // round, unit, indicator
  std::map<Result, boost::json::object> changes_;
};

}  // namespace tamroi::cli
