#include "cli/outcomes.h"
#include "cli/program/command_line.h"
#include "cli/units.h"

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

void add_levels(CommandLine& line) {
  auto& options = line.options();
  auto& levels = line.add(group, "levels",
                          {.does = "show which districts and provinces stand on which level",
                           .more = "Of an indicator, in a province, a region or the whole country (TH).",
                           .examples = {"tamroi levels TH 6", "tamroi levels 24 6"}},
                          [](const Options& said, const Screen& screen) {
                            Client client(settings_of(said));
                            return read_levels(client, said.subject, screen);
                          });
  add_unit(levels, options);
  add_indicator(levels, options);
  add_round(levels, options);
  add_restating(levels, options);
}

void add_facts(CommandLine& line) {
  auto& options = line.options();
  auto& facts =
      line.add(group, "facts",
               {.does = "show what a unit recorded, with all corrections",
                .more = "The id of each fact is what corrects or withdraws it.",
                .examples = {"tamroi facts 2401 --type mentor_visit --limit 5", "tamroi facts 24 --entity h-2403-01"}},
               [](const Options& said, const Screen& screen) {
                 Client client(settings_of(said));
                 auto filter = said.facts;
                 if (said.live || said.withdrawn) filter.live = said.live ? "true" : "false";
                 return read_facts(client, said.subject, filter, said.page, screen);
               });
  add_unit(facts, options);
  facts.add_option("--type", options.facts.type, "of that type alone")->type_name("TYPE");
  facts.add_option("--entity", options.facts.entity, "about that entity alone, such as a household")->type_name("NAME");
  auto* live = facts.add_flag("--live", options.live, "only what counts");
  facts.add_flag("--withdrawn", options.withdrawn, "only what was withdrawn")->excludes(live);
  add_round(facts, options);
  add_restating(facts, options);
  add_page(facts, options, "facts");
}

void add_units(CommandLine& line) {
  auto& units = line.add(group, "units",
                         {.does = "show the units and their codes",
                          .more = "The whole tree down to the provinces, or a unit with what belongs to it.",
                          .examples = {"tamroi units", "tamroi units 24"}},
                         [](const Options& said, const Screen& screen) {
                           Client client(settings_of(said));
                           return read_units(client, said.subject.unit, screen);
                         });
  units.add_option("UNIT", line.options().subject.unit, "a district (2401), province (24), region (R4) or TH");
}

void add_submission(CommandLine& line) {
  auto& options = line.options();
  auto& submission = line.add(group, "submission",
                              {.does = "show what became of a submission",
                               .examples = {"tamroi submission 06c3af73-abbd-8687-aac7-c131c5146568"}},
                              [](const Options& said, const Screen& screen) {
                                Client client(settings_of(said));
                                return read_submission(client, said.id, said.subject.unit, screen);
                              });
  submission.add_option("ID", options.id, "the id that it was sent with")->required();
  submission.add_option("--unit", options.subject.unit, "of that unit's province, where two used one id")
      ->type_name("UNIT");
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
  add_levels(line);
  add_facts(line);
  add_units(line);
  add_submission(line);
  add_watch(line);
}

}  // namespace tamroi::cli
