#include <chrono>

#include "cli/audits.h"
#include "cli/program/command_line.h"

namespace tamroi::cli {
namespace {

constexpr auto group = "Check";
constexpr auto number_max = 999'999U;
// A draft is scored on the whole history.
constexpr std::chrono::minutes scored_within{30};

void add_round(CLI::App& command, Options& options) {
  command.add_option("--round", options.subject.round, "in which round")->type_name("ROUND")->default_str("the server's newest")->envname("TAMROI_ROUND");
}

void add_as_of(CLI::App& command, Options& options) {
  command.add_option("--as-of", options.subject.as_of, "as it was: a time (RFC 3339), 24:17 or ledger:N")->type_name("CUT");
}

CLI::Option* add_unit(CLI::App& command, Options& options) {
  return command.add_option("UNIT", options.subject.unit, "a district (2401), province (24), region (R4) or TH");
}

void add_compare(CommandLine& line) {
  auto& options = line.options();
  auto& compare = line.add(group, "compare",
                           {.does = "hold two revisions of the criteria against each other",
                            .more = "Each district and province, in the unit, whose level or score differs, and the criteria that make the difference.",
                            .examples = {"tamroi compare 24 --revision 1 --revision 2"}},
                           [](const Options& said, const Screen& screen) {
                             if (said.revisions.size() != 2) throw Misused("Two revisions are compared: give --revision twice.");
                             Client client(settings_of(said));
                             return compare_revisions(client, said.subject, said.revisions, screen);
                           });
  add_unit(compare, options)->required();
  compare.add_option("--revision", options.revisions, "one of the two; given twice")
      ->required()
      ->allow_extra_args(false)
      ->check(CLI::Range(1U, number_max))
      ->type_name("NUMBER");
  add_round(compare, options);
  add_as_of(compare, options);
}

void add_trace(CommandLine& line) {
  auto& options = line.options();
  auto& trace = line.add(group, "trace",
                         {.does = "follow a figure down to the records that made it",
                          .more = "The units below, their criteria, what changed them, by whom, why, and the hash of each record; with each step the request "
                                  "that tells it. Hashes and facts are for auditors.",
                          .examples = {"tamroi trace TH 6 --measure households_verified", "tamroi trace 2401 6 --records 10"}},
                         [](const Options& said, const Screen& screen) {
                           Client client(settings_of(said));
                           return cli::trace(client, said.subject, said.trace, screen);
                         });
  add_unit(trace, options)->required();
  trace.add_option("INDICATOR", options.subject.indicator, "its number")->required()->check(CLI::Range(1U, number_max));
  trace.add_option("--measure", options.trace.measure, "of that measure alone")->type_name("NAME");
  trace.add_option("--records", options.trace.records, "so many of a unit, the newest; otherwise 3")->check(CLI::Range(0U, number_max))->type_name("NUMBER");
  trace.add_option("--revision", options.subject.revision, "under that revision of the criteria")->check(CLI::Range(1U, number_max))->type_name("NUMBER");
  add_round(trace, options);
  add_as_of(trace, options);
}

void add_what_if(CommandLine& line) {
  auto& options = line.options();
  auto& command = line.add(group, "whatif",
                           {.does = "show what would move under a draft of a catalogue",
                            .more = "The real history is scored under it, in the place of the round's latest catalogue; nothing is written.",
                            .examples = {"tamroi whatif --catalogue draft/ --unit 24", "tamroi whatif --catalogue draft/ --revision 3"}},
                           [](const Options& said, const Screen& screen) {
                             auto settings = settings_of(said);
                             settings.answer_within = scored_within;
                             Client client(settings);
                             return what_if(client, said.folder, said.subject, screen);
                           });
  command.add_option("--catalogue", options.folder, "the folder of the draft")->required()->type_name("DIR");
  command.add_option("--unit", options.subject.unit, "in that province or region alone")->type_name("UNIT");
  command.add_option("--revision", options.subject.revision, "under that revision of it, not the one in force")->check(CLI::Range(1U, number_max))->type_name("NUMBER");
  add_round(command, options);
}

void add_rejected(CommandLine& line) {
  auto& options = line.options();
  auto& rejected = line.add(group, "rejected",
                            {.does = "show the submissions of a district or province that were rejected",
                             .more = "The newest stands first.",
                             .examples = {"tamroi rejected 2401"}},
                            [](const Options& said, const Screen& screen) {
                              Client client(settings_of(said));
                              return read_rejected(client, said.subject.unit, said.page, screen);
                            });
  rejected.add_option("UNIT", options.subject.unit, "a district (2401) or province (24)")->required();
  rejected.add_option("--limit", options.page.limit, "so many submissions at most")->check(CLI::Range(1U, number_max))->type_name("NUMBER");
  rejected.add_option("--cursor", options.page.cursor, "go on where a page ended")->type_name("CURSOR");
}

}  // namespace

void add_audit_commands(CommandLine& line) {
  add_compare(line);
  add_trace(line);
  add_what_if(line);
  add_rejected(line);
}

}  // namespace tamroi::cli
