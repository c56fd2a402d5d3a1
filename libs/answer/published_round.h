#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "event/record.h"
#include "reporting/round_state.h"
#include "scoring/snapshot.h"

namespace tamroi::answer {

// What was published of a round in one province at some position: all that results are told from. A value of its own,
// so that a reader keeps it while the fold goes on.
struct PublishedRound {
  struct Result {
    scoring::Snapshot snapshot;
    std::optional<event::Position> last_change;
    // Why measures are undefined, as it was published; empty where the snapshot itself says it.
    std::vector<std::string> reasons = {};
  };
  struct Unit {
    std::string code;
    std::uint64_t version = 0;     // accepted submissions
    std::vector<Result> indicators;
  };
  std::shared_ptr<const catalogue::Plan> plan;
  std::uint32_t revision = 0;      // in force; 0: the round is not open
  std::vector<Unit> units;         // 0: the province, then its districts

  [[nodiscard]] const scoring::Snapshot& of(std::size_t unit, catalogue::Index indicator) const {
    return units.at(unit).indicators.at(indicator).snapshot;
  }
  // The place of a unit, by its code.
  [[nodiscard]] std::optional<std::size_t> find(std::string_view code) const;
};

// A province's round under that catalogue before anything was published of it: nothing of it may be told but what
// take() was given.
[[nodiscard]] PublishedRound unpublished(std::shared_ptr<const catalogue::Plan> plan, std::string_view province);
// Takes what a row of its history says of a result.
void take(PublishedRound& round, std::size_t unit, catalogue::Index indicator, const event::HistoryRow& row);
// A measure's figure, by its place among the indicator's.
[[nodiscard]] event::Figure figure_of(const PublishedRound& round, std::size_t unit, catalogue::Index indicator, std::size_t measure);

// What is published now.
[[nodiscard]] PublishedRound published(const reporting::RoundState& state);

}  // namespace tamroi::answer
