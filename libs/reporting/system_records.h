#pragma once

#include <string>
#include <vector>

#include "catalogue/bundle.h"
#include "event/record.h"
#include "reporting/control_fold.h"

namespace tamroi::reporting {

// Tamroi's own records: their actor is the system, their id follows from what they say, so that a second
// steward's is a repeat (record.md).
[[nodiscard]] event::Record publish_catalogue(const std::string& round, const catalogue::Bundle& files, base::Instant at);
[[nodiscard]] event::Record grant_account(const std::string& account, const std::string& role, const std::string& unit,
                                          const std::string& token_sha256, base::Instant at);
[[nodiscard]] event::Record close_month(const std::string& round, const std::string& month, base::Instant at);

// The copy of a numbered control for a province's stream.
[[nodiscard]] event::Record copy_control(const event::Record& control, const NumberedControl& numbered, base::Instant at);

// When a month of a round opened with automatic closing is due: the 1st of the next, 06:00 Bangkok.
[[nodiscard]] base::Instant due(const catalogue::Period& month);
// The next closing of each such round that is due at `now`: written one at a time, each when the one before is folded.
[[nodiscard]] std::vector<event::Record> due_closings(const ControlFold& control, base::Instant now);

}  // namespace tamroi::reporting
