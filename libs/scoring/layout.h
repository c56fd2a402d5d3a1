#pragma once

#include <vector>

#include "catalogue/plan.h"
#include "scoring/cells.h"

namespace tamroi::scoring {

// Where the accumulators of a plan's measures lie: derived from the plan alone.
struct Layout {
  explicit Layout(const catalogue::Plan& plan);

  struct TermPlace {
    std::size_t base = 0;     // first of its storage kind (counts, sums, latest or multisets) in the owner
    std::size_t values = 1;   // of a dense distinct term: counts a cell
    bool dense = false;       // distinct over a closed list of values
  };
  struct MeasurePlace {
    std::size_t words = 1;    // cells of one period: cell / words is the period, cell % words the word
    std::size_t cells = 1;    // of one owner: words, periods, or words by periods
    std::size_t tally = 0;    // first of its tallies in a unit: one a cell with periods, otherwise one
    std::size_t tallies = 1;
    std::size_t growth = 0;   // of a growth: its place among them
    std::size_t member_bit = 0;  // of a measure over a register: its bit in Member::where
  };
  std::vector<TermPlace> terms;
  std::vector<MeasurePlace> measures;
  std::vector<Extent> members;                                // by register
  std::vector<std::vector<catalogue::Index>> over_register;   // measures over each register
  Extent units;
  std::size_t tallies = 0;
  std::size_t growths = 0;
};

}  // namespace tamroi::scoring
