#include "cli/loaded_accounts.h"

#include <mutex>
#include <optional>
#include <stdexcept>

#include <fmt/format.h>

#include "base/sha256.h"
#include "base/uuid.h"
#include "cli/patience.h"
#include "cli/reading.h"
#include "cli/refusals.h"

namespace tamroi::cli {

namespace json = boost::json;

namespace {

constexpr std::string_view operator_role = "operator";

}  // namespace

LoadedAccounts::LoadedAccounts(Client& client, const std::map<std::string, std::string>& tokens)
    : operator_token_(tokens.at(std::string(operator_role))) {
  list(client, tokens);
}

// A data directory's first accounts are the first of their roles.
void LoadedAccounts::list(Client& client, const std::map<std::string, std::string>& tokens) {
  std::map<std::string, Listed> first;  // by role
  std::string cursor;
  do {
    const auto reply = client.get("/v1/accounts" + query_of({{"cursor", cursor}}));
    const auto page = parse_object(reply.body);
    if (reply.status != 200 || !page) throw std::runtime_error(refusal_text(reply, {}));
    for (const auto& value : array_at(*page, "accounts")) {
      const auto& each = as_object(value);
      if (each.contains("revoked")) continue;
      Listed listed{text_at(each, "account"), text_at(each, "unit"),
                    integer_at(object_at(each, "granted"), "offset").value_or(0)};
      names_.insert(listed.account);
      const auto role = text_at(each, "role");
      const auto known = first.find(role);
      if (known == first.end() || listed.granted < known->second.granted) first[role] = std::move(listed);
    }
    cursor = text_at(*page, "next_cursor");
  } while (!cursor.empty());
  for (const auto& [role, token] : tokens) {
    if (const auto listed = first.find(role); listed != first.end()) tokens_[role + "@" + listed->second.unit] = token;
  }
}

std::string LoadedAccounts::derived_token(std::string_view who) const {
  return base::to_hex(base::sha256(fmt::format("{} loads as {}", operator_token_, who)));
}

void LoadedAccounts::prepare(const std::vector<std::string_view>& who, const std::string& time, Senders& senders) {
  std::vector<std::string> missing;
  for (const auto each : who) {
    if (!tokens_.contains(each)) {
      tokens_[std::string(each)] = derived_token(each);
      missing.emplace_back(each);
    }
  }
  std::vector<Senders::Job> jobs;
  for (const auto& each : missing) {
    jobs.emplace_back([&, each](Client& client) { grant(client, each, tokens_.find(each)->second, time); });
  }
  senders.run(jobs);
  granted_ += missing.size();
}

void LoadedAccounts::grant(Client& client, const std::string& who, const std::string& token,
                           const std::string& time) const {
  const auto sign = who.find('@');
  const auto role = who.substr(0, sign);
  const auto unit = who.substr(sign + 1);
  auto account = role + "-" + unit;
  if (names_.contains(account)) {
    // From an earlier load; or somebody else's, who keeps it.
    if (client.get_as(token, "/v1/units/" + encoded(unit)).status == 200) return;
    account += "-loaded";
  }
  const json::object body{{"id", base::Uuid::from_digest(base::sha256("loaded account " + token)).to_string()},
                          {"type", "account_granted"},
                          {"account", account},
                          {"role", role},
                          {"unit", unit},
                          {"token_sha256", base::to_hex(base::sha256(token))},
                          {"reason", "A history is loaded."}};
  const auto text = json::serialize(body);
  const auto reply = client.post(std::string(controls_route),
                                 {.body = text, .token = operator_token_, .time = time, .waits = true});
  if (fate_of(reply) != Fate::Accepted) {
    throw std::runtime_error(fmt::format("There is no account for {}: {}", who, refusal_text(reply, {})));
  }
}

const std::string& LoadedAccounts::token_of(std::string_view who) const { return tokens_.find(who)->second; }

}  // namespace tamroi::cli
