#include <csignal>
#include <chrono>
#include <exception>
#include <iostream>
#include <stdexcept>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "disk/secret_file.h"
#include "http/server.h"
#include "telemetry/metrics.h"
#include "witness/witness.h"

namespace {

using namespace tamroi;

constexpr int misused = 2;
constexpr int failed = 3;

struct Wish {
  std::string name;
  std::string to;
  std::string key;
  std::string state;
  std::string address = "127.0.0.1";
  std::uint16_t port = 7380;
  std::vector<std::string> hosts;
  std::vector<std::string> logs;
};

std::string first_line(std::string text) { return text.substr(0, text.find('\n')); }

int make_key(const Wish& wish) {
  const auto key = audit::Signer::of(wish.name, audit::KeyType::Cosignature, disk::random_seed());
  if (!key) throw std::invalid_argument("A key's name is not empty and has neither white space nor \"+\", such as witness.example.go.th/1.");
  disk::write_new_secret(wish.to, key->to_string() + "\n");
  std::cout << key->verifier().to_string() << '\n';
  return 0;
}

audit::Signer read_key(const std::string& path) {
  auto key = audit::Signer::parse(first_line(disk::read_secret(path)));
  if (!key) throw std::invalid_argument(path + ": " + key.error());
  if (key->verifier().type() != audit::KeyType::Cosignature) throw std::invalid_argument(path + ": it is no key of a witness; tamroi-witness key makes one");
  return std::move(*key);
}

std::vector<audit::Verifier> read_logs(const std::vector<std::string>& texts) {
  std::vector<audit::Verifier> logs;
  for (const auto& text : texts) {
    auto log = audit::Verifier::parse(text);
    if (!log) throw std::invalid_argument(text + ": " + log.error());
    if (log->type() != audit::KeyType::Ed25519) throw std::invalid_argument(text + ": it is no key of a log");
    logs.push_back(std::move(*log));
  }
  return logs;
}

base::Instant now() {
  return {std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::system_clock::now().time_since_epoch()).count()};
}

int serve(const Wish& wish) {
  sigset_t ends;
  sigemptyset(&ends);
  sigaddset(&ends, SIGINT);
  sigaddset(&ends, SIGTERM);
  // Before any thread, so that all have it.
  pthread_sigmask(SIG_BLOCK, &ends, nullptr);
  telemetry::Log log;
  telemetry::Metrics metrics;
  witness::Heads heads(wish.state);
  witness::Witness witness(read_key(wish.key), read_logs(wish.logs), heads, now, log);
  witness::WitnessHandler handler(witness, log);
  http::ServerOptions options{.address = wish.address, .port = wish.port};
  options.hosts.insert(options.hosts.end(), wish.hosts.begin(), wish.hosts.end());
  http::Server server(options, handler, log, metrics);
  server.start();
  log.info("listening", {{"address", wish.address}, {"port", std::uint64_t{server.port()}}});
  std::cout << fmt::format("http://{}:{}", wish.address, server.port()) << std::endl;
  int signal = 0;
  sigwait(&ends, &signal);
  static_cast<void>(server.stop(std::chrono::seconds(10)));
  return 0;
}

}  // namespace

int main(int count, char** arguments) {
  Wish wish;
  CLI::App app{"Sees every checkpoint of a log before others believe it: cosigns one only where it continues the one before.", "tamroi-witness"};
  app.set_version_flag("--version", "tamroi-witness " TAMROI_VERSION);
  app.require_subcommand(1);
  auto& key = *app.add_subcommand("key", "make a key of this witness's own, and print what others need to know of it");
  key.add_option("--name", wish.name, "such as witness.example.go.th/1")->required();
  key.add_option("--to", wish.to, "a new file, which nobody else may read")->required();
  auto& run = *app.add_subcommand("run", "answer logs and whoever watches them, until it is interrupted");
  run.add_option("--key", wish.key, "the file with the key")->required();
  run.add_option("--state", wish.state, "the folder where it remembers what it saw; never go back to an older copy of it")->required();
  run.add_option("--log", wish.logs, "the public key of a log to witness (NAME+ID+KEY); may be repeated")->required();
  run.add_option("--address", wish.address, "where it listens")->capture_default_str();
  run.add_option("--port", wish.port, "0: any free one")->capture_default_str();
  run.add_option("--host", wish.hosts, "a name by which it is asked for, beside localhost; may be repeated");
  try {
    app.parse(count, arguments);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : misused;
  }
  try {
    return key.parsed() ? make_key(wish) : serve(wish);
  } catch (const std::invalid_argument& error) {
    std::cerr << error.what() << '\n';
    return misused;
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return failed;
  }
}
