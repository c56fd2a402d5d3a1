#include <algorithm>
#include <csignal>
#include <cstdio>
#include <exception>
#include <string>
#include <string_view>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "disk/files.h"
#include "gateway/routes.h"
#include "server/parts.h"
#include "setup/copy_journal.h"
#include "setup/log_key.h"
#include "setup/open_journal.h"

namespace {

using tamroi::server::Roles;
using tamroi::setup::Configuration;

Configuration read_configuration(const std::string& path) {
  auto configuration = tamroi::setup::parse_configuration(tamroi::disk::read_file(path));
  if (configuration) return *configuration;
  std::string why = path + ":";
  for (const auto& problem : configuration.error()) why += "\n  " + problem;
  throw std::runtime_error(why);
}

Roles roles_of(const std::vector<std::string>& named) {
  const auto runs = [&](std::string_view role) { return named.empty() || std::ranges::find(named, role) != named.end(); };
  return {runs("gateway"), runs("query"), runs("steward")};
}

// Signals come to the thread that waits for them, and to no other.
sigset_t block_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int each : {SIGINT, SIGTERM}) sigaddset(&signals, each);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
  return signals;
}

// Asks the server that runs on the data directory; without one it is done here.
int maintain(const Configuration& configuration, const std::string& command) {
  const auto tell = [](const std::string& line) { fmt::print(stderr, "{}\n", line); };
  const auto socket = tamroi::setup::ServerDirectory{configuration.directory}.socket();
  auto said = tamroi::server::ask_server(socket, command, tell);
  if (!said) said = tamroi::server::maintain(configuration, command, tell);
  fmt::print("{}\n", *said);
  return 0;
}

void make_directory(const Configuration& configuration, bool simulated) {
  const auto first_use = tamroi::setup::make_server_directory(configuration, simulated);
  if (first_use == tamroi::setup::FirstUse::Joined) fmt::print("Joined a journal that has records: its accounts and their tokens are those of whoever began it.\n");
}

int make_topics(const Configuration& configuration) {
  if (!configuration.journal_in_kafka) throw std::runtime_error("The configuration does not say `journal: {kind: kafka}`.");
  const auto options = tamroi::setup::kafka_options(configuration, {});
  for (const auto& made : tamroi::journal::create_topics(options)) fmt::print("{}\n", made);
  const auto faults = tamroi::journal::faults_of_topics(options);
  if (!faults.empty()) throw std::runtime_error(fmt::format("The topics are not as they should be:\n{}", fmt::join(faults, "\n")));
  fmt::print("All topics are as they should be.\n");
  return 0;
}

int show_log_key(const Configuration& configuration) {
  auto known = tamroi::setup::read_log_key(configuration).known;
  if (!known) {
    if (configuration.origin.empty()) throw std::runtime_error("The configuration names no `log: {origin: …}`.");
    known = tamroi::setup::make_log_key(tamroi::setup::ServerDirectory{configuration.directory}.key_file(configuration), configuration.origin);
  }
  fmt::print("{}\n", known->to_string());
  return 0;
}

int copy_journal(const Configuration& from, const Configuration& to) {
  const auto copied = tamroi::setup::copy_journal(from, to, [](const std::string& line) { fmt::print(stderr, "{}\n", line); });
  fmt::print("Copied {} streams, {} records ({} of them by an interrupted copy); all are the same.\n", copied.streams, copied.records, copied.found);
  return 0;
}

void serve(const Configuration& configuration, const Roles& roles) {
  const auto signals = block_signals();
  tamroi::server::Parts parts(configuration, roles);
  parts.start();
  int signal = 0;
  sigwait(&signals, &signal);
  parts.stop();
}

}  // namespace

int main(int count, char** arguments) {
  CLI::App app{"The server of Tamroi."};
  app.require_subcommand(0, 1);
  std::string path;
  app.add_option("--config", path, "the configuration file");
  auto* init = app.add_subcommand("init", "Makes the data directory: catalogue, accounts, tokens.")->fallthrough();
  bool simulated = false;
  init->add_flag("--simulated", simulated, "with a simulated clock, for samples and scenarios");
  const auto* routes = app.add_subcommand("routes", "Prints the routes that the server has, and the codes of problems, as JSON.");
  auto* rebuild = app.add_subcommand("rebuild", "Builds the read model anew from the journal, compares it with what was published, and serves it.")->fallthrough();
  bool back = false;
  rebuild->add_flag("--rollback", back, "serves the read model again that was served before");
  const auto* check = app.add_subcommand("check", "Folds the whole journal and compares it with the ledger and the read model.")->fallthrough();
  auto* backup = app.add_subcommand("backup", "Copies journal and read model, also while the server runs.")->fallthrough();
  std::filesystem::path to;
  backup->add_option("--to", to, "a directory that is not there yet")->required();
  auto* restore = app.add_subcommand("restore", "Makes the data directory out of a backup.")->fallthrough();
  std::filesystem::path from;
  restore->add_option("--from", from, "a backup")->required()->check(CLI::ExistingDirectory);
  const auto* topics = app.add_subcommand("topics", "Makes the topics of a journal in Kafka that are not there yet, and checks all of them.")->fallthrough();
  const auto* log_key = app.add_subcommand("log-key", "Makes the key that the log is signed with, unless it is there, and prints the public key.")->fallthrough();
  const auto* copying = app.add_subcommand("copy-journal", "Copies the whole journal into that of another configuration, which is empty, and compares them.")->fallthrough();
  std::string from_config;
  std::string to_config;
  app.get_subcommand("copy-journal")->add_option("--from", from_config, "the configuration of the journal that is copied")->required();
  app.get_subcommand("copy-journal")->add_option("--to", to_config, "the configuration of the journal that it is copied into")->required();
  std::vector<std::string> named;
  app.add_option("--roles", named, "what it runs: gateway, query, steward (all of them unless named)")
      ->delimiter(',')
      ->check(CLI::IsMember({"gateway", "query", "steward"}));
  app.set_version_flag("--version", TAMROI_VERSION);
  CLI11_PARSE(app, count, arguments);
  if (routes->parsed()) {
    fmt::print("{}\n", tamroi::gateway::routes_told());
    return 0;
  }
  if (path.empty() && !copying->parsed()) {
    fmt::print(stderr, "--config FILE is needed.\n");
    return 2;
  }
  try {
    if (copying->parsed()) return copy_journal(read_configuration(from_config), read_configuration(to_config));
    const auto configuration = read_configuration(path);
    if (rebuild->parsed()) return maintain(configuration, back ? "rollback" : "rebuild");
    if (check->parsed()) return maintain(configuration, "check");
    if (backup->parsed()) return maintain(configuration, "backup " + std::filesystem::absolute(to).string());
    if (topics->parsed()) return make_topics(configuration);
    if (log_key->parsed()) return show_log_key(configuration);
    if (restore->parsed()) {
      tamroi::server::restore(configuration, from);
    } else if (init->parsed()) {
      make_directory(configuration, simulated);
    } else {
      serve(configuration, roles_of(named));
    }
    return 0;
  } catch (const std::exception& error) {
    fmt::print(stderr, "{}\n", error.what());
    return 1;
  }
}
