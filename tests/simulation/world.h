#pragma once

#include <memory>
#include <string>

#include "catalogue/bundle.h"
#include "reporting/plans.h"

namespace tamroi::simulation {

// What histories happen in: a catalogue, a later one of the same round that adds to it, and a small tree of units.
struct World {
  std::string province;
  catalogue::Bundle files;
  catalogue::Bundle later_files;
  std::shared_ptr<const catalogue::Plan> plan;
  std::shared_ptr<const catalogue::Plan> later_plan;
  std::shared_ptr<reporting::Plans> plans;  // compiled once for all histories
};

// Round 2565-2 as it is shipped; later it gets a third revision, a measure, a fact type and an indicator.
[[nodiscard]] const World& world_of_the_letter();
// A round that no letter knows, whose measures are of every kind that the catalogue's language has.
[[nodiscard]] const World& invented_world();

}  // namespace tamroi::simulation
