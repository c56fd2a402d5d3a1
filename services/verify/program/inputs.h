#pragma once

#include <filesystem>
#include <ostream>
#include <string>
#include <vector>

#include "audit/pack_check.h"
#include "verify/program/commands.h"

namespace tamroi::verify {

// Throws std::system_error, with the path, where it cannot be read.
[[nodiscard]] std::string read_file(const std::filesystem::path& path);
// The wish's policy, or one of its key alone. Throws std::invalid_argument where it is none.
[[nodiscard]] audit::Policy policy_of(const Wish& wish);
// The earlier checkpoints. Throws std::invalid_argument where one is not signed by a log of the policy.
[[nodiscard]] std::vector<audit::Checkpoint> earlier(const Wish& wish, const audit::Policy& policy);

// Says what differs first; false.
bool refused(std::ostream& out, const audit::Difference& difference);
// Says what a checkpoint is of, and which witnesses saw it when.
void say_checkpoint(std::ostream& out, const audit::SignedCheckpoint& opened, const audit::Policy& policy);

}  // namespace tamroi::verify
