#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "catalogue/plan.h"
#include "event/outcome.h"

namespace tamroi::scoring {

// All that the scorer reads of one (unit, indicator), by the plan's indexes; with what was published.
struct Snapshot {
  struct Value {
    event::Figure::Form form = event::Figure::Form::Undefined;
    base::Int128 numerator = 0;
    base::Int128 denominator = 0;
    std::uint8_t why = 0;               // of an undefined one: UndefinedWhy
    std::uint64_t missing = 0;          // how many of `members` lack something
    std::uint64_t members = 0;
    bool operator==(const Value&) const = default;
    [[nodiscard]] base::Ratio ratio() const {
      return {numerator, form == event::Figure::Form::Count ? 1 : denominator};
    }
  };
  std::vector<Value> values;            // by Indicator::measures
  std::uint64_t evidence = 0;           // bit i: the i-th requirement of the ladder, by level, is present
  std::vector<std::pair<catalogue::Index, std::uint64_t>> targets;  // measure, value
  std::uint32_t judged = 0;             // bit L: the latest judgement of level L says met
  event::Standing standing;
  std::uint32_t revision = 0;
  bool operator==(const Snapshot&) const = default;
};

enum UndefinedWhy : std::uint8_t { NoMember = 0, NoClosedPeriod = 1, MissingFrom = 2, MissingTo = 3, NoBase = 4, NoFact = 5 };

[[nodiscard]] event::Figure figure(const catalogue::Plan& plan, catalogue::Index measure, const Snapshot::Value& value);
// To and from the row that history keeps; positions and `changed` are the caller's.
[[nodiscard]] event::HistoryRow to_row(const catalogue::Plan& plan, catalogue::Index indicator, std::string_view unit,
                                       const Snapshot& snapshot);
[[nodiscard]] Snapshot from_row(const catalogue::Plan& plan, catalogue::Index indicator, const event::HistoryRow& row);

}  // namespace tamroi::scoring
