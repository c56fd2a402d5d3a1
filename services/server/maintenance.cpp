#include "server/maintenance.h"

#include <pwd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <stdexcept>

#include <boost/json.hpp>
#include <fmt/format.h>

#include "disk/files.h"
#include "projection/check.h"
#include "projection/clock.h"
#include "projection/companion.h"
#include "projection/rebuild.h"
#include "server/stores.h"
#include "setup/heads.h"
#include "setup/open_journal.h"
#include "setup/server_directory.h"

namespace tamroi::server {
namespace {

namespace fs = std::filesystem;
using setup::ServerDirectory;

constexpr std::chrono::seconds noted_within{10};

// Whoever does something here has no account: the machine knows them.
void note(access::AccessLog& accesses, const std::string& who, std::string_view command) {
  const auto space = std::min(command.find(' '), command.size());
  access::Access access{projection::make_real_clock()->now(), {who, "machine", ""}, std::string(command.substr(0, space)),
                        std::string(command.substr(std::min(space + 1, command.size()))), 0, {}};
  if (accesses.note(std::move(access)) && accesses.settle(noted_within)) return;
  throw std::runtime_error("It cannot be noted in the access log, so it is not done: " + accesses.trouble());
}

constexpr std::string_view backup_word = "backup ";
constexpr std::string_view kept_journal = "journal";
constexpr std::string_view kept_read_model = "readmodel";

std::string seconds_since(std::chrono::steady_clock::time_point began) {
  return fmt::format("{:.1f} s", std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count());
}

bool holds_nothing(const fs::path& directory) { return !fs::exists(directory) || (fs::is_directory(directory) && fs::is_empty(directory)); }

std::string figures_of(const event::HistoryRow& row) {
  return fmt::format("level {} (evidenced {}), score {}", row.standing.level, row.standing.evidenced_level, row.standing.score);
}

// Where this version of the fold comes to other results than the one that counts: as lines, and as JSON in the data directory.
void report_parted(const projection::RebuildTotals& totals, const fs::path& directory, const Maintenance::Tell& tell) {
  if (totals.parted.empty()) return;
  boost::json::array all;
  tell(fmt::format("{:8} {:>9}  {:40} {:40} {}", "unit", "indicator", "published", "under this version of the fold", "since"));
  for (const auto& [published, own, since] : totals.parted) {
    const auto position = fmt::format("{}:{}", event::to_string(since.stream), since.offset);
    tell(fmt::format("{:8} {:>9}  {:40} {:40} {}", own.unit, own.indicator, figures_of(published), figures_of(own), position));
    const auto as_json = [](const event::Standing& standing) {
      return boost::json::object{{"level", standing.level}, {"evidenced_level", standing.evidenced_level}, {"score", standing.score}};
    };
    all.push_back({{"round", own.round}, {"unit", own.unit}, {"indicator", own.indicator}, {"before", as_json(published.standing)},
                   {"after", as_json(own.standing)}, {"cause", position}});
  }
  const auto file = directory / "rebuild.json";
  disk::write_file(file, boost::json::serialize(all) + "\n", disk::Readers::Owner);
  tell(fmt::format("{} results differ from those published; {} has them as JSON.", totals.parted.size(), file.string()));
}

// The key that the log is signed with, what it was used for last, who cosigns, and what was found to contradict it: whoever
// restores a backup can go on with the log, and must know where it was. What lies elsewhere is not the data directory's.
void copy_log_files(const ServerDirectory& place, const setup::Configuration& configuration, const fs::path& to) {
  const auto key = place.key_file(configuration);
  for (const auto& entry : fs::directory_iterator(place.root)) {
    const auto name = entry.path().filename().string();
    const bool is_key = key.parent_path() == place.root && name.starts_with(key.filename().string());
    const bool is_policy = !configuration.witnesses.empty() && entry.path() == place.witnesses(configuration);
    if (is_key || is_policy) fs::copy_file(entry.path(), to / name);
  }
  if (fs::exists(place.evidence())) fs::copy(place.evidence(), to / place.evidence().filename(), fs::copy_options::recursive);
}

}  // namespace

Maintenance::Maintenance(const setup::Configuration& configuration, const memory::Budget& budget, journal::Journal& journal,
                         readmodel::Generations& generations, access::AccessLog& accesses, telemetry::Log& log, const Serving* serving)
    : configuration_(configuration), budget_(budget), journal_(journal), generations_(generations), accesses_(accesses), log_(log), serving_(serving) {}

std::string Maintenance::run(std::string_view command, const std::string& who, const Tell& tell) {
  note(accesses_, who, command);
  if (command == "rebuild") return rebuild(tell);
  if (command == "rollback") return roll_back();
  if (command == "check") return check(tell);
  if (command.starts_with(backup_word)) return back_up(command.substr(backup_word.size()));
  throw std::runtime_error(fmt::format("\"{}\" is no command.", command));
}

std::string Maintenance::rebuild(const Tell& tell) {
  const auto began = std::chrono::steady_clock::now();
  const auto next = generations_.next();
  log_.info("rebuild begins", {{"generation", std::uint64_t{next}}});
  readmodel::Build build(generations_.path(next), generations_.tables(next), read_model_options(budget_));
  const auto totals = projection::rebuild(journal_, build, {.threads = configuration_.projection.threads, .follows = configuration_.projection.follows}, tell);
  const auto built = seconds_since(began);
  const auto before = generations_.current();
  report_parted(totals, configuration_.directory, tell);
  serve(next);
  log_.info("rebuild ended", {{"generation", std::uint64_t{next}}, {"records", totals.records}, {"facts", totals.facts}});
  return fmt::format("Built generation {} in {}: {} streams ({} of them by an interrupted rebuild), {} records, {} facts; {} outcomes are those that "
                     "were published, none is another. It is served since {}; generation {} is kept for --rollback.",
                     next, built, totals.streams, totals.taken_over, totals.records, totals.facts, totals.compared, seconds_since(began), before);
}

std::string Maintenance::roll_back() {
  const auto before = generations_.previous();
  if (!before || !fs::exists(generations_.path(*before))) throw std::runtime_error("There is no earlier generation to go back to.");
  const auto current = generations_.current();
  serve(*before);
  return fmt::format("Generation {} is served again; {} is kept.", *before, current);
}

void Maintenance::serve(readmodel::Generations::Number generation) {
  if (serving_ == nullptr) {
    generations_.make_current(generation);
  } else {
    auto other = readmodel::open_read_model(generations_.path(generation), read_model_options(budget_));
    projection::Companion companion(journal_, *other, log_, configuration_.projection.follows);
    companion.catch_up();
    auto& projection = serving_->projection;
    projection.switch_read_model([&] {
      companion.catch_up();
      if (!projection.reached_by(*other)) throw std::runtime_error("A stream stopped in the new generation before it had come as far as the one that is served; see the log.");
      generations_.make_current(generation);
      serving_->model.use(std::move(other));
    });
    serving_->model.wait_for_one();
  }
  generations_.tidy();
}

// Of a server, the one that is in use at each call: whoever kept one for long would keep it open.
std::unique_ptr<readmodel::ReadModel> Maintenance::opened() {
  return serving_ != nullptr ? nullptr : readmodel::open_current(generations_, read_model_options(budget_));
}

std::string Maintenance::check(const Tell& tell) {
  const auto began = std::chrono::steady_clock::now();
  const auto chain = access::check_chain(ServerDirectory{configuration_.directory}.access());
  if (!chain.wrong.empty()) throw std::runtime_error(chain.wrong);
  tell(fmt::format("access log: {} lines, chained", chain.lines));
  const auto own = opened();
  const auto checked = projection::check(journal_, own != nullptr ? *own : serving_->model, configuration_.projection.follows, tell);
  if (!checked.wrong.empty()) throw std::runtime_error(fmt::format("{} of the streams are not as they should be:\n{}", checked.wrong.size(), fmt::join(checked.wrong, "\n")));
  return fmt::format("All is as it should be: {} streams, {} records, {} entries of the ledger, {} facts, {} results, in {}.", checked.streams,
                     checked.records, checked.ledger_entries, checked.facts, checked.results, seconds_since(began));
}

std::string Maintenance::back_up(const fs::path& directory) {
  if (!directory.is_absolute()) throw std::runtime_error("The whole path of the backup is needed.");
  if (fs::exists(directory)) throw std::runtime_error(fmt::format("{} is there already; a backup needs a new directory.", directory.string()));
  // Finished under another name first: what has the name is whole.
  const auto unfinished = fs::path(directory).concat(".unfinished");
  fs::remove_all(unfinished);
  fs::create_directories(unfinished / kept_read_model);
  const ServerDirectory place{configuration_.directory};
  // Each is at least as old as what it follows from, which comes after it.
  for (const auto& file : {place.heads(configuration_), place.clock()}) {
    if (fs::exists(file)) fs::copy_file(file, unfinished / file.filename());
  }
  copy_log_files(place, configuration_, unfinished);
  accesses_.copy_to(unfinished / place.access().filename());
  {
    readmodel::Generations kept(unfinished / kept_read_model);
    const auto own = opened();
    (own != nullptr ? *own : serving_->model).copy_to(kept.path(kept.current()));
  }
  // What is in Kafka is kept by its brokers: the backup saves a server the folding.
  if (!configuration_.journal_in_kafka) journal_.copy_to(unfinished / kept_journal);
  ::sync();
  fs::rename(unfinished, directory);
  std::uintmax_t bytes = 0;
  for (const auto& entry : fs::recursive_directory_iterator(directory)) bytes += entry.is_regular_file() ? entry.file_size() : 0;
  return fmt::format("Backed up to {}: {} MiB. Tokens are not in it{}.", directory.string(), bytes >> 20,
                     fs::exists(directory / place.key_file(configuration_).filename()) ? ", but the key of the log is" : "");
}

std::string user_of(std::uint32_t number) {
  std::array<char, 4096> names{};
  passwd entry{};
  passwd* found = nullptr;
  static_cast<void>(::getpwuid_r(number, &entry, names.data(), names.size(), &found));
  return found == nullptr ? fmt::format("user {}", number) : fmt::format("user {} {}", number, found->pw_name);
}

std::string maintain(const setup::Configuration& configuration, std::string_view command, const Maintenance::Tell& tell) {
  const ServerDirectory place{configuration.directory};
  if (!fs::exists(place.clock())) throw std::runtime_error(fmt::format("{} was not made yet: run `tamroi-server init`.", configuration.directory));
  telemetry::Log log({.least = telemetry::Severity::Warning, .format = configuration.log_format});
  const memory::Budget budget(configuration.memory);
  const auto journal = setup::open_journal(configuration, {.budget = &budget, .log = &log});
  const setup::Heads heads(place.heads(configuration), *journal, log);
  readmodel::Generations generations(place.read_model());
  telemetry::Metrics metrics;
  access::AccessLog accesses({place.access(), configuration.access_file_bytes}, log, metrics);
  return Maintenance(configuration, budget, *journal, generations, accesses, log, nullptr).run(command, user_of(::getuid()), tell);
}

void restore(const setup::Configuration& configuration, const fs::path& backup) {
  const auto least = configuration.journal_in_kafka ? kept_read_model : kept_journal;
  if (!fs::exists(backup / least)) throw std::runtime_error(fmt::format("{} is no backup: it has no {}.", backup.string(), least));
  const fs::path place = configuration.directory;
  if (!holds_nothing(place)) throw std::runtime_error(fmt::format("{} is not empty; a backup is restored into a new directory.", place.string()));
  const auto unfinished = fs::path(place).concat(".unfinished");
  fs::remove_all(unfinished);
  fs::copy(backup, unfinished, fs::copy_options::recursive);
  {
    telemetry::Log log;
    telemetry::Metrics metrics;
    access::AccessLog accesses({ServerDirectory{unfinished}.access(), configuration.access_file_bytes}, log, metrics);
    note(accesses, user_of(::getuid()), "restore " + fs::absolute(backup).string());
  }
  // Until it is known that nothing was signed after the backup, nothing is.
  disk::write_file(ServerDirectory{unfinished}.restored(), "", disk::Readers::Owner);
  ::sync();
  fs::remove(place);
  fs::rename(unfinished, place);
}

}  // namespace tamroi::server
