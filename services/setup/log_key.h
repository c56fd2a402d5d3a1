#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "audit/keys.h"
#include "setup/configuration.h"

// The key that the log of tlog.md is signed with: a file of its own, for its owner alone.
namespace tamroi::setup {

// Makes a key and the file; gives the public key. Throws where the file is there already, or the name is none.
[[nodiscard]] audit::Verifier make_log_key(const std::filesystem::path& file, const std::string& origin);

// What a node knows of the log's key.
struct LogKey {
  std::optional<audit::Signer> secret;
  std::optional<audit::Verifier> known;  // the public one, also of the secret
};
// Nothing of either is no fault: what is not there is not used. Throws std::runtime_error with a sentence where the file
// can be read by others, holds no key, or one of another log than the configuration says.
[[nodiscard]] LogKey read_log_key(const Configuration& configuration);

}  // namespace tamroi::setup
