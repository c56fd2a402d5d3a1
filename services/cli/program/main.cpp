#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include <unistd.h>

#include <CLI/CLI.hpp>

#include "base/time.h"
#include "cli/catalogue_check.h"
#include "cli/client.h"
#include "cli/reads.h"
#include "cli/sending.h"

namespace {

using namespace tamroi::cli;

// What the command line says that cannot be meant.
class Misused : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

struct Options {
  std::string url = "http://127.0.0.1:8080";
  std::string token;
  std::string time;
  bool json = false;
  std::vector<std::string> files;
  std::string folder;
  std::string against;
  Subject subject;
  Page page;
};

struct Commands {
  CLI::App* submit;
  CLI::App* control;
  CLI::App* results;
  CLI::App* explain;
  CLI::App* history;
  CLI::App* check;
};

constexpr auto about_all = "Every command also takes --url, --token and --json; see tamroi --help.";

CLI::App* command(CLI::App& app, const std::string& name, const std::string& does) {
  auto* command = app.add_subcommand(name, does)->fallthrough();
  command->footer(about_all);
  return command;
}

void add_time(CLI::App* command, Options& options) {
  command->add_option("--time", options.time, "the time of receipt, for a server on a simulated clock (RFC 3339)")
      ->type_name("TIME");
}

void add_subject(CLI::App* command, Options& options, bool with_indicator, bool restated) {
  command->add_option("UNIT", options.subject.unit, "a district (2401), province (24), region (R4) or TH")
      ->required()
      ->type_name("");
  if (with_indicator)
    command->add_option("INDICATOR", options.subject.indicator, "its number")
        ->required()
        ->check(CLI::Range(1U, 999999U))
        ->type_name("");
  command->add_option("--round", options.subject.round, "otherwise the server's newest")
      ->type_name("ROUND")
      ->envname("TAMROI_ROUND");
  if (!restated) return;
  command->add_option("--as-of", options.subject.as_of, "as it was: a time (RFC 3339), 24:17 or ledger:N")
      ->type_name("CUT");
  command->add_option("--revision", options.subject.revision, "under that revision of the criteria")
      ->check(CLI::Range(1U, 999999U))
      ->type_name("NUMBER");
}

Commands add_commands(CLI::App& app, Options& options) {
  Commands all{};
  all.submit = command(app, "submit", "send submissions and wait for their outcomes");
  all.submit->add_option("FILE", options.files, "JSON, or NDJSON with one a line; - is the standard input")
      ->required()
      ->type_name("");
  add_time(all.submit, options);
  all.control = command(app, "control", "send a control record");
  all.control->add_option("FILE", options.files, "JSON; - is the standard input")
      ->required()
      ->type_name("")
      ->expected(1);
  add_time(all.control, options);
  all.results = command(app, "results", "show where a unit stands");
  add_subject(all.results, options, false, true);
  all.explain = command(app, "explain", "show why an indicator has its level, and what the next one needs");
  add_subject(all.explain, options, true, true);
  all.history = command(app, "history", "show what changed an indicator: when, by whom, why");
  add_subject(all.history, options, true, false);
  all.history->add_option("--limit", options.page.limit, "so many changes at most")
      ->check(CLI::Range(1U, 999999U))
      ->type_name("NUMBER");
  all.history->add_option("--cursor", options.page.cursor, "go on where a page ended")->type_name("CURSOR");
  auto* catalogue = command(app, "catalogue", "work on the files of a round");
  catalogue->require_subcommand(1);
  all.check = command(*catalogue, "check", "show all problems of a catalogue, with file, line and reason");
  all.check->add_option("DIR", options.folder, "its folder")->required()->type_name("");
  all.check
      ->add_option("--against", options.against,
                   "the folder of the catalogue in force, which the new one must not change")
      ->type_name("DIR");
  return all;
}

std::vector<File> read_files(const std::vector<std::string>& names) {
  std::vector<File> files;
  for (const auto& name : names) {
    std::error_code ignored;
    if (std::filesystem::is_directory(name, ignored)) throw Misused(name + " is a folder; name its files.");
    std::ifstream opened;
    if (name != "-") opened.open(name, std::ios::binary);
    std::istream& in = name == "-" ? std::cin : opened;
    std::string text;
    if (in) text.assign(std::istreambuf_iterator<char>(in), {});
    if (!in || in.bad()) throw Misused(name + " cannot be read; nothing was sent.");
    files.push_back({name, std::move(text)});
  }
  return files;
}

Client::Settings settings(const Options& options) {
  const auto endpoint = parse_endpoint(options.url);
  if (!endpoint) throw Misused(endpoint.error());
  for (const char c : options.token) {
    if (c <= ' ' || c > '~')
      throw Misused("The token holds characters that no token has; copy it without spaces and quotes.");
  }
  if (!options.time.empty() && !tamroi::base::parse_instant(options.time)) {
    throw Misused("'" + options.time + "' is no time; write it like 2022-08-20T10:00:00+07:00.");
  }
  return {.endpoint = *endpoint, .token = options.token, .time = options.time};
}

Exit run(const Commands& commands, const Options& options, const Screen& screen) {
  if (commands.check->parsed()) return check_catalogue(options.folder, options.against, screen);
  Client client(settings(options));
  const Pause pause = [](std::chrono::seconds time) { std::this_thread::sleep_for(time); };
  if (commands.results->parsed()) return read_results(client, options.subject, screen);
  if (commands.explain->parsed()) return read_explanation(client, options.subject, screen);
  if (commands.history->parsed()) return read_history(client, options.subject, options.page, screen);
  const auto files = read_files(options.files);
  return commands.submit->parsed() ? submit(client, files, screen, pause)
                                   : send_control(client, files.front(), screen, pause);
}

}  // namespace

int main(int count, char** arguments) {
  Options options;
  CLI::App app{"Tamroi: where districts and provinces stand, and why.", "tamroi"};
  app.add_option("--url", options.url, "where the server listens")
      ->type_name("URL")
      ->envname("TAMROI_URL")
      ->capture_default_str();
  app.add_option("--token", options.token, "who asks")->type_name("TOKEN")->envname("TAMROI_TOKEN");
  app.add_flag("--json", options.json, "print what the server returns");
  app.footer("Exit codes: 0 done, 1 refused or rejected, 2 wrong usage, 3 the server could not be reached.");
  const auto commands = add_commands(app, options);
  try {
    app.parse(count, arguments);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : static_cast<int>(Exit::WrongUsage);
  }
  if (app.get_subcommands().empty()) {
    std::cerr << app.help();
    return static_cast<int>(Exit::WrongUsage);
  }
  const Screen screen{std::cout, std::cerr, look_of(STDOUT_FILENO), look_of(STDERR_FILENO), options.json};
  try {
    const auto exit = run(commands, options, screen);
    std::cout.flush();
    return static_cast<int>(exit);
  } catch (const Misused& misused) {
    std::cerr << misused.what() << '\n';
    return static_cast<int>(Exit::WrongUsage);
  } catch (const ServerUnreachable& error) {
    std::cerr << error.what() << ". Is it running? Name another with --url or TAMROI_URL.\n";
    return static_cast<int>(Exit::Unreachable);
  } catch (const std::exception& error) {
    std::cerr << "tamroi: " << error.what() << '\n';
    return static_cast<int>(Exit::Refused);
  }
}
