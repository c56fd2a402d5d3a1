#include "audit/policy.h"

#include <algorithm>

#include <fmt/format.h>

namespace tamroi::audit {
namespace {

using Taken = std::expected<void, std::string>;

std::vector<std::string_view> words_of(std::string_view line) {
  std::vector<std::string_view> words;
  while (true) {
    const auto begin = line.find_first_not_of(" \t\r");
    if (begin == line.npos) return words;
    const auto end = std::min(line.find_first_of(" \t\r", begin), line.size());
    words.push_back(line.substr(begin, end - begin));
    line.remove_prefix(end);
  }
}

}  // namespace

std::expected<Policy, std::string> Policy::parse(std::string_view text) {
  Policy policy;
  std::size_t number = 0;
  while (!text.empty()) {
    ++number;
    const auto end = std::min(text.find('\n'), text.size());
    const auto words = words_of(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (words.empty() || words[0].starts_with('#')) continue;
    if (auto taken = policy.take(words); !taken) return std::unexpected(fmt::format("line {}: {}", number, taken.error()));
  }
  if (policy.logs_.empty()) return std::unexpected("the policy trusts no log");
  if (!policy.quorum_is_given_) return std::unexpected("the policy has no line `quorum`");
  return policy;
}

Taken Policy::take(const std::vector<std::string_view>& words) {
  if (words[0] == "log" && (words.size() == 2 || words.size() == 3)) {
    auto key = Verifier::parse(words[1]);
    if (!key) return std::unexpected(std::move(key.error()));
    if (key->type() != KeyType::Ed25519) return std::unexpected("the key of a log is not a witness's");
    logs_.push_back({std::move(*key), std::string(words.size() == 3 ? words[2] : "")});
    return {};
  }
  if (words[0] == "witness" && (words.size() == 3 || words.size() == 4)) {
    auto key = Verifier::parse(words[2]);
    if (!key) return std::unexpected(std::move(key.error()));
    if (key->type() != KeyType::Cosignature) return std::unexpected("the key of a witness is not one that cosigns");
    if (is_known(words[1]) || words[1] == "none") return std::unexpected(fmt::format("the name {} is taken", words[1]));
    const bool repeated = std::ranges::any_of(witnesses_, [&](const auto& other) { return other.key.to_string() == key->to_string(); });
    if (repeated) return std::unexpected("two witnesses have one key");
    witnesses_.push_back({std::string(words[1]), std::move(*key), std::string(words.size() == 4 ? words[3] : "")});
    return {};
  }
  if (words[0] == "group" && words.size() >= 4) return take_group(words);
  if (words[0] == "quorum" && words.size() == 2 && !quorum_is_given_) {
    if (words[1] != "none" && !is_known(words[1])) return std::unexpected(fmt::format("{} is no witness or group of a line above", words[1]));
    quorum_is_given_ = true;
    if (words[1] != "none") quorum_ = words[1];
    return {};
  }
  return std::unexpected(fmt::format("is no line `log`, `witness`, `group` or single `quorum`: {}", words[0]));
}

Taken Policy::take_group(const std::vector<std::string_view>& words) {
  Group group{std::string(words[1]), 0, {words.begin() + 3, words.end()}};
  if (is_known(group.name) || group.name == "none") return std::unexpected(fmt::format("the name {} is taken", group.name));
  for (std::size_t i = 0; i < group.members.size(); ++i) {
    const auto& member = group.members[i];
    if (!is_known(member)) return std::unexpected(fmt::format("{} is no witness or group of a line above", member));
    if (std::find(group.members.begin(), group.members.begin() + static_cast<std::ptrdiff_t>(i), member) != group.members.begin() + static_cast<std::ptrdiff_t>(i)) {
      return std::unexpected(fmt::format("{} stands there twice", member));
    }
  }
  if (words[2] == "any") {
    group.needed = 1;
  } else if (words[2] == "all") {
    group.needed = group.members.size();
  } else {
    const auto needed = parse_decimal(words[2]);
    if (!needed || *needed == 0 || *needed > group.members.size()) return std::unexpected("a group needs any, all, or 1 to as many as it has");
    group.needed = *needed;
  }
  groups_.push_back(std::move(group));
  return {};
}

bool Policy::is_known(std::string_view name) const {
  const auto named = [&](const auto& other) { return other.name == name; };
  return std::ranges::any_of(witnesses_, named) || std::ranges::any_of(groups_, named);
}

bool Policy::is_quorum(const std::set<std::string, std::less<>>& names) const {
  if (quorum_.empty()) return true;
  std::set<std::string, std::less<>> satisfied;
  for (const auto& witness : witnesses_) {
    if (names.contains(witness.name)) satisfied.insert(witness.name);
  }
  for (const auto& group : groups_) {
    const auto count = std::ranges::count_if(group.members, [&](const auto& member) { return satisfied.contains(member); });
    if (static_cast<std::size_t>(count) >= group.needed) satisfied.insert(group.name);
  }
  return satisfied.contains(quorum_);
}

std::expected<SignedCheckpoint, std::string> Policy::open(std::string_view bytes) const {
  const auto note = parse_note(bytes);
  if (!note) return std::unexpected(note.error());
  const auto checkpoint = parse_checkpoint(note->text);
  if (!checkpoint) return std::unexpected(checkpoint.error());
  const auto log = std::ranges::find(logs_, checkpoint->origin, [](const Log& known) { return known.key.name(); });
  if (log == logs_.end()) return std::unexpected(fmt::format("the log {} is not trusted by the policy", checkpoint->origin));
  auto opened = open_checkpoint(bytes, log->key);
  if (!opened) return opened;
  std::vector<Verifier> keys;
  for (const auto& witness : witnesses_) keys.push_back(witness.key);
  const auto signers = signed_by(opened->note, keys);
  if (!signers) return std::unexpected(signers.error());
  std::set<std::string, std::less<>> names;
  for (const auto place : *signers) names.insert(witnesses_[place].name);
  if (!is_quorum(names)) return std::unexpected(fmt::format("{} witnesses signed the checkpoint, which is no quorum", names.size()));
  return opened;
}

}  // namespace tamroi::audit
