#pragma once

#include <memory>
#include <string>
#include <vector>

#include <boost/json.hpp>

#include "sample/history.h"
#include "scenarios/pure_world.h"

namespace tamroi::sample {

// The shipped description and tree of units.
[[nodiscard]] std::shared_ptr<const Description> shipped_description();
[[nodiscard]] const catalogue::Units& shipped_units();

// All lines of a history of the shipped description.
[[nodiscard]] std::vector<Line> lines_of(const Wish& wish);

// The lines played to the pure fold.
class Play {
 public:
  explicit Play(const std::vector<Line>& lines);

  // What was answered otherwise than meant, each with its line.
  std::vector<std::string> unexpected;
  std::size_t accepted = 0;
  std::size_t rejected = 0;

  // How many of the province's districts are on each level.
  [[nodiscard]] std::vector<std::size_t> districts_on_levels(const std::string& province, int indicator);
  [[nodiscard]] std::int64_t level(const std::string& unit, int indicator);
  // The levels that it came to, in their order.
  [[nodiscard]] std::vector<std::int64_t> levels_of_history(const std::string& unit, int indicator);

 private:
  scenarios::PureWorld world_;
};

}  // namespace tamroi::sample
