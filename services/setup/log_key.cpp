#include "setup/log_key.h"

#include <stdexcept>

#include <fmt/format.h>

#include "disk/files.h"
#include "disk/secret_file.h"
#include "setup/server_directory.h"

namespace tamroi::setup {

namespace fs = std::filesystem;

audit::Verifier make_log_key(const fs::path& file, const std::string& origin) {
  // Whoever has lost a key has lost the log's name with it.
  if (fs::exists(file)) throw std::runtime_error(fmt::format("{} is there already.", file.string()));
  const auto key = audit::Signer::of(origin, audit::KeyType::Ed25519, disk::random_seed());
  if (!key) throw std::runtime_error(fmt::format("\"{}\" is no name of a log.", origin));
  disk::write_new_secret(file, key->to_string() + "\n");
  return key->verifier();
}

LogKey read_log_key(const Configuration& configuration) {
  LogKey key;
  if (!configuration.public_key.empty()) key.known = audit::Verifier::parse(configuration.public_key).value();
  const auto file = ServerDirectory{configuration.directory}.key_file(configuration);
  if (fs::exists(file)) {
    constexpr auto of_others = fs::perms::group_all | fs::perms::others_all;
    if ((fs::status(file).permissions() & of_others) != fs::perms::none) {
      throw std::runtime_error(fmt::format("{} can be read by others than its owner. If nobody has read it: chmod 600 {}", file.string(), file.string()));
    }
    auto text = disk::read_file(file);
    if (text.ends_with('\n')) text.pop_back();
    auto secret = audit::Signer::parse(text);
    if (!secret) throw std::runtime_error(fmt::format("{} {}.", file.string(), secret.error()));
    if (key.known && key.known->to_string() != secret->verifier().to_string()) {
      throw std::runtime_error(fmt::format("The public key of {} is {}, not that of `log.public_key`.", file.string(), secret->verifier().to_string()));
    }
    key.known = secret->verifier();
    key.secret = std::move(*secret);
  }
  if (key.known && !configuration.origin.empty() && key.known->name() != configuration.origin) {
    throw std::runtime_error(fmt::format("The key is that of the log {}, but `log.origin` says {}.", key.known->name(), configuration.origin));
  }
  if (key.known && key.known->type() != audit::KeyType::Ed25519) throw std::runtime_error("The log's key is a witness's.");
  return key;
}

}  // namespace tamroi::setup
