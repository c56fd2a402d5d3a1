#pragma once

#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "base/json.h"
#include "event/record.h"
#include "reporting/problems.h"
#include "reporting/round_state.h"
#include "reporting/store.h"
#include "reporting/values.h"

namespace tamroi::reporting {

// What one entry of an accepted submission does: takes back `before` (a correction, a withdrawal), then adds `after`.
struct Effect {
  catalogue::Index type = catalogue::none;
  std::optional<FactVersion> before;
  FactVersion after;                // not live: withdrawn
  std::size_t before_values = 0;    // where they begin in Decision::values
  std::size_t after_values = 0;     // the same; of a withdrawal nothing
};

struct Decision {
  std::vector<base::Problem> problems;       // in document order; empty: accepted
  std::size_t unit = 0;                      // that sent them, within the province
  std::vector<Effect> effects;
  std::vector<scoring::FieldValue> values;   // of all effects; point into the submission's document or these:
  std::deque<base::Json> documents;          // of values recorded earlier
};

// Decides a submission against what is known: every problem at once (facts.md, section 1). Changes nothing.
// `body` is a document that the door admitted, `offset` and `recorded_at` its place and time in the stream, and
// `next_number` the number of the next fact to be recorded. What the effects borrow lives as long as the body, the
// decision, the plan, and the store until its next prefetch.
[[nodiscard]] Decision decide(const RoundState& state, Store& store, base::JsonValue body, event::Offset offset,
                              base::Instant recorded_at, std::uint64_t next_number);

}  // namespace tamroi::reporting
