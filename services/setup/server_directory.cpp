#include "setup/server_directory.h"

#include <algorithm>
#include <array>
#include <stdexcept>

#include <boost/json.hpp>
#include <fmt/format.h>

#include "base/sha256.h"
#include "disk/bundle_folder.h"
#include "disk/secret_file.h"
#include "disk/files.h"
#include "reporting/system_records.h"
#include "setup/heads.h"
#include "setup/log_key.h"
#include "setup/open_journal.h"

namespace tamroi::setup {
namespace {

// The accounts of the first use. The province is the one that the letter came from.
struct FirstAccount {
  const char* role;
  const char* unit;
};
constexpr std::array<FirstAccount, 5> first_accounts{{{"district_officer", "2401"}, {"province_officer", "24"}, {"ministry_officer", "TH"},
                                                      {"auditor", "TH"}, {"operator", "TH"}}};

std::string new_token() { return base::to_hex(disk::random_seed()); }

catalogue::Bundle checked_bundle(const std::string& folder, std::string& round, base::Date& first_day) {
  auto bundle = disk::read_bundle(folder);
  const auto compiled = catalogue::compile(bundle);
  if (compiled.plan == nullptr) {
    std::string why = "The catalogue has errors:";
    for (const auto& finding : compiled.findings) why += fmt::format("\n{}:{}: {}", finding.file, finding.line, finding.why);
    throw std::runtime_error(why);
  }
  round = compiled.plan->round;
  first_day = compiled.plan->first_day;
  return bundle;
}

event::Offset append(journal::Journal& journal, const event::Record& record) {
  return journal::append_and_wait(journal, {event::control_stream, record.id, record.received_at, event::encode(record)});
}

// The catalogue and the accounts are the first records of all.
void require_first_use(journal::Journal& journal) {
  if (journal.end(event::control_stream) > first_accounts.size()) return;
  throw std::runtime_error(
      "The journal has the beginning of a first use: another init is at it just now, or was interrupted. Try again in a moment. If it stays so, nobody "
      "has a token of it, and nothing else is in it: delete its topics, make them anew with `tamroi-server topics`, and begin again.");
}

void settle_clock(const ServerDirectory& directory, bool simulated) {
  disk::write_file(directory.clock(), simulated ? "simulated\n" : "real\n", disk::Readers::Everybody);
}

}  // namespace

FirstUse make_server_directory(const Configuration& configuration, bool simulated) {
  const ServerDirectory directory{configuration.directory};
  if (configuration.catalogue.empty()) throw std::runtime_error("The configuration names no catalogue to begin with.");
  std::filesystem::create_directories(directory.root);
  if (configuration.journal_in_kafka && simulated != configuration.simulated) {
    throw std::runtime_error("With a journal in Kafka the configuration has to say `simulated` as init does: the settings of the topics differ.");
  }
  if (std::filesystem::exists(directory.clock())) throw std::runtime_error(fmt::format("{} was made already.", configuration.directory));
  std::string round;
  base::Date first_day;
  const auto bundle = checked_bundle(configuration.catalogue, round, first_day);
  // A simulated history begins the day before its round.
  const auto at = simulated ? base::bangkok_time({first_day.days - 1}, 0, 0) : projection::make_real_clock()->now();
  telemetry::Log log;
  const auto journal = open_journal(configuration, {.log = &log});
  if (!journal->streams().empty()) {
    if (!configuration.journal_in_kafka) throw std::runtime_error(fmt::format("{} holds records already.", configuration.directory));
    require_first_use(*journal);
    settle_clock(directory, simulated);
    return FirstUse::Joined;
  }
  Heads heads(directory.heads(configuration), *journal, log);
  // Of two that begin at the same time one is the first in the stream; the other's tokens would be nobody's.
  if (append(*journal, reporting::publish_catalogue(round, bundle, at)) != 0) {
    throw std::runtime_error("Another init began on this journal at the same time, and was the first: it has the tokens. Repeat this one, which joins then.");
  }
  boost::json::object tokens;
  for (const auto& [role, unit] : first_accounts) {
    const auto token = new_token();
    append(*journal, reporting::grant_account(fmt::format("{}-{}", role, unit), role, unit, base::to_hex(base::sha256(token)), at));
    tokens[role] = token;
  }
  static_cast<void>(heads.write());
  if (!configuration.origin.empty() && !std::filesystem::exists(directory.key_file(configuration))) {
    static_cast<void>(make_log_key(directory.key_file(configuration), configuration.origin));
  }
  disk::write_file(directory.tokens(), boost::json::serialize(tokens) + "\n", disk::Readers::Owner);
  // Last: without it the directory counts as not made.
  settle_clock(directory, simulated);
  return FirstUse::Begun;
}

std::unique_ptr<projection::Clock> clock_of(const Configuration& configuration, journal::Journal& journal) {
  const ServerDirectory directory{configuration.directory};
  if (!std::filesystem::exists(directory.clock())) {
    throw std::runtime_error(fmt::format("{} was not made yet: run `tamroi-server init`.", configuration.directory));
  }
  const bool simulated = disk::read_file(directory.clock()) == "simulated\n";
  if (simulated != configuration.simulated) {
    throw std::runtime_error(fmt::format("{} was made with the {} clock, which the configuration does not say.", configuration.directory,
                                         simulated ? "simulated" : "real"));
  }
  if (!simulated) return projection::make_real_clock();
  base::Instant latest;
  for (const auto stream : journal.streams()) {
    if (stream == event::ledger_stream || stream == event::checkpoints_stream) continue;
    latest = std::max(latest, journal.read(stream, journal.end(stream) - 1, 1, 0).front().time);
  }
  return projection::make_simulated_clock(latest);
}

}  // namespace tamroi::setup
