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
  if (path.empty()) {
    fmt::print(stderr, "--config FILE is needed.\n");
    return 2;
  }
  try {
    const auto configuration = read_configuration(path);
    if (init->parsed()) {
      tamroi::setup::make_server_directory(configuration, simulated);
    } else {
      serve(configuration, roles_of(named));
    }
    return 0;
  } catch (const std::exception& error) {
    fmt::print(stderr, "{}\n", error.what());
    return 1;
  }
}
