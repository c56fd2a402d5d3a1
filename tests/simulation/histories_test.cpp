// Random histories: whatever is sent in whatever order, the fold says what a recomputation from all live facts says.
#include <iostream>

#include <catch2/catch_test_macros.hpp>

#include "simulation/history.h"
#include "simulation/mismatch.h"
#include "simulation/retelling.h"
#include "simulation/seeds.h"

using namespace tamroi;
using namespace tamroi::simulation;

namespace {

void play(History& history) {
  history.run(18 + history.chance().below(35));
  require_restarts_change_nothing(history);
  require_order_does_not_matter(history);
  if (history.chance().percent(50)) require_nothing_stays_behind(history);
}

// Histories that reach nothing would prove nothing.
void require_variety(const World& world, const Totals& totals) {
  for (const auto& indicator : world.plan->indicators) {
    for (const auto& revision : world.plan->revisions) {
      for (std::uint32_t level = 0; level <= 5; ++level) {
        INFO(fmt::format("indicator {}, revision {}, level {}", indicator.number, revision.number, level));
        CHECK(totals.heights.contains({indicator.number, revision.number, level}));
      }
    }
  }
  for (auto code = base::Code::MissingField; code <= base::Code::OutOfOrder;
       code = static_cast<base::Code>(static_cast<int>(code) + 1)) {
    INFO(base::to_string(code));
    CHECK(totals.problems.contains(code));
  }
  CHECK(totals.later_catalogues > 0);
  for (const auto verdict : {event::Verdict::Accepted, event::Verdict::Rejected, event::Verdict::Repeat,
                             event::Verdict::Applied, event::Verdict::Skipped}) {
    INFO(static_cast<int>(verdict));
    CHECK(totals.verdicts.contains(verdict));
  }
}

void play(const World& world, std::size_t usual) {
  const Seeds seeds(usual);
  Totals totals;
  for (std::size_t i = 0; i < seeds.histories; ++i) {
    History history(world, seeds.first + i, totals);
    try {
      play(history);
    } catch (const std::exception& mismatch) {
      FAIL(seeds.replay(i) << "after record " << history.province().records().size() << ": " << mismatch.what());
    }
  }
  std::cout << fmt::format("{} records, {} changes\n", totals.records, totals.changes);
  if (seeds.histories >= usual) require_variety(world, totals);
}

}  // namespace

TEST_CASE("histories of the letter agree with a recomputation from all live facts", "[letter]") {
  play(world_of_the_letter(), 1400);
}
TEST_CASE("histories of an invented round agree with a recomputation from all live facts", "[invented]") {
  play(invented_world(), 600);
}
