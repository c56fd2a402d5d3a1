#include "cli/program/command_line.h"

namespace tamroi::cli {
namespace {

constexpr auto group = "Look";
constexpr auto number_max = 999'999U;

void add_unit(CLI::App& command, Options& options) {
  command.add_option("UNIT", options.subject.unit, "a district (2401), province (24), region (R4) or TH")->required();
}

void add_indicator(CLI::App& command, Options& options) {
  command.add_option("INDICATOR", options.subject.indicator, "its number")
      ->required()
      ->check(CLI::Range(1U, number_max));
}

void add_round(CLI::App& command, Options& options) {
  command.add_option("--round", options.subject.round, "in which round")
      ->type_name("ROUND")
      ->default_str("the server's newest")
      ->envname("TAMROI_ROUND");
}

void add_restating(CLI::App& command, Options& options) {
  command.add_option("--as-of", options.subject.as_of, "as it was: a time (RFC 3339), 24:17 or ledger:N")
      ->type_name("CUT");
  command.add_option("--revision", options.subject.revision, "under that revision of the criteria")
      ->check(CLI::Range(1U, number_max))
      ->type_name("NUMBER");
}

void add_page(CLI::App& command, Options& options, const std::string& what) {
  command.add_option("--limit", options.page.limit, "so many " + what + " at most")
      ->check(CLI::Range(1U, number_max))
      ->type_name("NUMBER");
  command.add_option("--cursor", options.page.cursor, "go on where a page ended")->type_name("CURSOR");
}

void add_results(CommandLine& line) {
  auto& options = line.options();
  auto& results = line.add(group, "results",
                           {.does = "show where a unit stands",
                            .more = "The level, the evidenced level and the score of each indicator, and its measures.",
                            .examples = {"tamroi results 24", "tamroi results TH --json | jq .score"}},
                           [](const Options& said, const Screen& screen) {
                             Client client(settings_of(said));
                             return read_results(client, said.subject, screen);
                           });
  add_unit(results, options);
  add_round(results, options);
  add_restating(results, options);
}

void add_explain(CommandLine& line) {
  auto& options = line.options();
  auto& explain = line.add(group, "explain",
                           {.does = "show why an indicator has its level, and what the next one needs",
                            .more = "Each level with its criteria, the letter they come from, what is lacking by "
                                    "name, and the evidence.",
                            .examples = {"tamroi explain 2401 6", "tamroi explain 2401 6 --revision 1"}},
                           [](const Options& said, const Screen& screen) {
                             Client client(settings_of(said));
                             return read_explanation(client, said.subject, screen);
                           });
  add_unit(explain, options);
  add_indicator(explain, options);
  add_round(explain, options);
  add_restating(explain, options);
}

void add_history(CommandLine& line) {
  auto& options = line.options();
  auto& history = line.add(group, "history",
                           {.does = "show what changed an indicator: when, by whom, why",
                            .more = "The newest change stands first.",
                            .examples = {"tamroi history 24 7", "tamroi history 24 7 --limit 5"}},
                           [](const Options& said, const Screen& screen) {
                             Client client(settings_of(said));
                             return read_history(client, said.subject, said.page, screen);
                           });
  add_unit(history, options);
  add_indicator(history, options);
  add_round(history, options);
  add_page(history, options, "changes");
}

void add_watch(CommandLine& line) {
  auto& options = line.options();
  auto& wish = options.watch;
  auto& watch = line.add(group, "watch",
                         {.does = "print each change as it happens",
                          .more = "It runs until Ctrl-C, connects again where the connection is lost, and then says "
                                  "how to go on from there. With --json each change is a line.",
                          .examples = {"tamroi watch 24", "tamroi watch --since 0 --json > all-changes.ndjson"}},
                         [](const Options& said, const Screen& screen) {
                           Client client(settings_of(said));
                           Subscription feed(settings_of(said));
                           const Rest rest = [&feed](std::chrono::seconds time) { return feed.pause(time); };
                           return cli::watch(client, feed, said.watch, screen, rest);
                         });
  watch.add_option("UNIT", wish.unit, "a district, province or region with all below it; without it the whole country");
  watch.add_option("--round", wish.round, "of that round alone")->type_name("ROUND")->envname("TAMROI_ROUND");
  watch.add_option("--indicator", wish.indicator, "of that indicator alone")
      ->check(CLI::Range(1U, number_max))
      ->type_name("NUMBER");
  watch.add_option("--since", wish.since, "begin after that cursor of the feed; 0 is its beginning")
      ->type_name("CURSOR");
  watch.add_option("--limit", wish.limit, "end after so many changes")
      ->check(CLI::Range(1U, number_max))
      ->type_name("NUMBER");
}

}  // namespace

void add_reading_commands(CommandLine& line) {
  add_results(line);
  add_explain(line);
  add_history(line);
  add_watch(line);
}

}  // namespace tamroi::cli
