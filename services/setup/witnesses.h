#pragma once

#include <optional>

#include "audit/policy.h"
#include "setup/configuration.h"
#include "setup/log_key.h"

namespace tamroi::setup {

// The policy of `log.witnesses`: who cosigns, and how many must. Nothing where none is named. Throws std::runtime_error with
// a sentence where it cannot be read, or does not name the log whose key this is.
[[nodiscard]] std::optional<audit::Policy> read_witnesses(const Configuration& configuration, const LogKey& key);

}  // namespace tamroi::setup
