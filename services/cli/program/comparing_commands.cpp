#include "cli/compare.h"
#include "cli/program/command_line.h"
#include "cli/trace.h"

namespace tamroi::cli {
namespace {

constexpr auto group = "Audit";
constexpr auto number_max = 999'999U;

void add_round(CLI::App& command, Options& options) {
  command.add_option("--round", options.subject.round, "in which round")
      ->type_name("ROUND")
      ->default_str("the server's newest")
      ->envname("TAMROI_ROUND");
}

void add_as_of(CLI::App& command, Options& options) {
  command.add_option("--as-of", options.subject.as_of, "as it was: a time (RFC 3339), 24:17 or ledger:N")
      ->type_name("CUT");
}

void add_compare(CommandLine& line) {
  auto& options = line.options();
  auto& command = line.add(
      group, "compare",
      {.does = "show what differs under two revisions of the criteria",
       .more = "The same facts are scored under both: each result of the unit and of all below it whose level or score "
               "differs, and the criteria that make the difference.",
       .examples = {"tamroi compare 24 --revision 1 --revision 2", "tamroi compare TH --revision 1 --revision 2 --json"}},
      [](const Options& said, const Screen& screen) {
        if (said.revisions.size() != 2) throw Misused("Two revisions are compared: --revision 1 --revision 2.");
        Client client(settings_of(said));
        return compare(client, said.subject, said.revisions[0], said.revisions[1], screen);
      });
  command.add_option("UNIT", options.subject.unit, "a district (2401), province (24), region (R4) or TH")->required();
  command.add_option("--revision", options.revisions, "a revision; the second is what the first is compared with")
      ->required()
      ->check(CLI::Range(1U, number_max))
      ->type_name("NUMBER");
  add_round(command, options);
  add_as_of(command, options);
}

void add_trace(CommandLine& line) {
  auto& options = line.options();
  auto& command = line.add(
      group, "trace",
      {.does = "follow a figure down to the records that made it",
       .more = "From a region or the ministry to provinces, districts, criteria, facts and records; beside each step is the "
               "request that shows it. What lacks most comes first. Records are for auditors.",
       .examples = {"tamroi trace TH 6 --limit 1", "tamroi trace 2401 6 --measure households_verified"}},
      [](const Options& said, const Screen& screen) {
        Client client(settings_of(said));
        return trace(client, said.subject, said.trace, screen);
      });
  command.add_option("UNIT", options.subject.unit, "a district (2401), province (24), region (R4) or TH")->required();
  command.add_option("INDICATOR", options.subject.indicator, "its number")->required()->check(CLI::Range(1U, number_max));
  command.add_option("--measure", options.trace.measure, "of that measure alone")->type_name("NAME");
  command.add_option("--limit", options.trace.limit, "so many units, facts and changes at each step")
      ->check(CLI::Range(1U, 1000U))
      ->type_name("NUMBER")
      ->capture_default_str();
  command.add_option("--revision", options.subject.revision, "under that revision of the criteria")
      ->check(CLI::Range(1U, number_max))
      ->type_name("NUMBER");
  add_round(command, options);
  add_as_of(command, options);
}

}  // namespace

void add_comparing_commands(CommandLine& line) {
  add_compare(line);
  add_trace(line);
}

}  // namespace tamroi::cli
