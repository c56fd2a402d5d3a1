#include "setup/witnesses.h"

#include <algorithm>
#include <stdexcept>

#include <fmt/format.h>

#include "disk/files.h"
#include "setup/server_directory.h"

namespace tamroi::setup {

std::optional<audit::Policy> read_witnesses(const Configuration& configuration, const LogKey& key) {
  if (configuration.witnesses.empty()) return std::nullopt;
  const auto file = ServerDirectory{configuration.directory}.witnesses(configuration);
  auto policy = audit::Policy::parse(disk::read_file(file));
  if (!policy) throw std::runtime_error(fmt::format("{}: {}", file.string(), policy.error()));
  const auto is_ours = [&](const auto& log) { return key.known && log.key.to_string() == key.known->to_string(); };
  if (!std::ranges::any_of(policy->logs(), is_ours)) {
    throw std::runtime_error(fmt::format("{} has no line `log {}`.", file.string(), key.known ? key.known->to_string() : "KEY"));
  }
  return std::move(*policy);
}

}  // namespace tamroi::setup
