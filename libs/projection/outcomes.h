#pragma once

#include <optional>

#include "answer/answer.h"
#include "projection/projection.h"

// What became of records, as the contract tells it.
namespace tamroi::projection {

struct Told {
  int status = 200;              // of a request that waited for it
  answer::json::object body;
  event::Actor sender;
  std::string unit;              // of a submission
};

[[nodiscard]] answer::Cause cause_of(const readmodel::Folded& folded);

// What became of a record of a province or of the control stream, of that very one: recorded_at, verdict, problems, changes.
[[nodiscard]] std::optional<answer::json::object> concluded_of(Projection& projection, event::Position position);
// Of a submission that was folded; of a repeat the first one's. Nothing where it was not folded yet.
[[nodiscard]] std::optional<Told> submission_outcome(Projection& projection, event::Position position);
// Of a control that was folded. `pending` until every province has applied it, unless it has no copies.
[[nodiscard]] std::optional<Told> control_outcome(Projection& projection, event::Offset offset);
// The number of an accepted control that is copied; 0 for any other.
[[nodiscard]] std::uint64_t control_number(Projection& projection, event::Offset offset);

}  // namespace tamroi::projection
