#include "verify/program/inputs.h"

#include <cerrno>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <system_error>

#include <fmt/format.h>

namespace tamroi::verify {
namespace {

std::string first_line(std::string text) { return text.substr(0, text.find('\n')); }

}  // namespace

std::string read_file(const std::filesystem::path& path) {
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  if (!file || std::filesystem::is_directory(path)) throw std::system_error(errno == 0 ? EISDIR : errno, std::generic_category(), path.string());
  return {std::istreambuf_iterator<char>(file), {}};
}

audit::Policy policy_of(const Wish& wish) {
  if (wish.key.empty() && wish.policy.empty()) throw std::invalid_argument("--key or --policy is required: what is trusted comes from elsewhere.");
  auto text = wish.policy.empty() ? std::string() : read_file(wish.policy);
  if (wish.policy.empty()) {
    const auto key = wish.key.find('+') == std::string::npos ? first_line(read_file(wish.key)) : wish.key;
    text = fmt::format("log {}\nquorum none\n", key);
  }
  auto policy = audit::Policy::parse(text);
  if (!policy) throw std::invalid_argument(fmt::format("{}: {}", wish.policy.empty() ? "the key" : wish.policy, policy.error()));
  return std::move(*policy);
}

bool refused(std::ostream& out, const audit::Difference& difference) {
  out << "refused: " << difference.where << ": " << difference.what << "\n";
  return false;
}

// An earlier checkpoint is one of the same log, that its key signed; whether witnesses did is not asked.
std::vector<audit::Checkpoint> earlier(const Wish& wish, const audit::Policy& policy) {
  std::vector<audit::Checkpoint> checkpoints;
  for (const auto& path : wish.since) {
    const auto bytes = read_file(path);
    std::string why = "no log of the policy signed it";
    for (const auto& log : policy.logs()) {
      const auto opened = audit::open_checkpoint(bytes, log.key);
      if (opened) checkpoints.push_back(opened->checkpoint);
      why = opened ? "" : opened.error();
      if (opened) break;
    }
    if (!why.empty()) throw std::invalid_argument(fmt::format("{}: {}", path, why));
  }
  return checkpoints;
}

void say_checkpoint(std::ostream& out, const audit::SignedCheckpoint& opened, const audit::Policy& policy) {
  const auto& [checkpoint, note] = opened;
  out << fmt::format("log {}, {} entries, root {}\n", checkpoint.origin, checkpoint.size, audit::to_base64(checkpoint.root));
  for (const auto& witness : policy.witnesses()) {
    for (const auto& signature : note.signatures) {
      if (!witness.key.is_named_by(signature)) continue;
      const auto at = audit::cosigned_at(signature);
      out << fmt::format("witness {} ({}), {}\n", witness.name, witness.key.name(), at ? base::to_string(*at) : "no time");
    }
  }
}

}  // namespace tamroi::verify
