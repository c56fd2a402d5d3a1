#include <chrono>

#include "cli/accesses.h"
#include "cli/audits.h"
#include "cli/compare.h"
#include "cli/export.h"
#include "cli/program/command_line.h"
#include "cli/trace.h"

namespace tamroi::cli {
namespace {

constexpr auto group = "Audit";
constexpr auto number_max = 999'999U;
// A draft is scored on the whole history.
constexpr std::chrono::minutes scored_within{30};

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

void add_unit(CLI::App& command, Options& options) {
  command.add_option("UNIT", options.subject.unit, "a district (2401), province (24), region (R4) or TH")->required();
}

void add_revision(CLI::App& command, Options& options, const std::string& says) {
  command.add_option("--revision", options.subject.revision, says)->check(CLI::Range(1U, number_max))->type_name("NUMBER");
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
  add_unit(command, options);
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
  add_unit(command, options);
  command.add_option("INDICATOR", options.subject.indicator, "its number")->required()->check(CLI::Range(1U, number_max));
  command.add_option("--measure", options.trace.measure, "of that measure alone")->type_name("NAME");
  command.add_option("--limit", options.trace.limit, "so many units, facts and changes at each step")
      ->check(CLI::Range(1U, 1000U))
      ->type_name("NUMBER")
      ->capture_default_str();
  add_revision(command, options, "under that revision of the criteria");
  add_round(command, options);
  add_as_of(command, options);
}

void add_what_if(CommandLine& line) {
  auto& options = line.options();
  auto& command = line.add(group, "whatif",
                           {.does = "show what would move under a draft of a catalogue",
                            .more = "The real history is scored under it, in the place of the round's latest catalogue; nothing is written.",
                            .examples = {"tamroi whatif --catalogue draft/ --unit 24", "tamroi whatif --catalogue draft/ --from pack-24/"}},
                           [](const Options& said, const Screen& screen) {
                             if (!said.against.empty()) return what_if_of_pack(said.against, said.folder, said.subject, screen);
                             auto settings = settings_of(said);
                             settings.answer_within = scored_within;
                             Client client(settings);
                             return what_if(client, said.folder, said.subject, screen);
                           });
  command.add_option("--catalogue", options.folder, "the folder of the draft")->required()->type_name("DIR");
  command.add_option("--from", options.against, "of the history in an audit pack, without a server")->type_name("PACK");
  command.add_option("--unit", options.subject.unit, "in that province or region alone")->type_name("UNIT");
  add_revision(command, options, "under that revision of it, not the one in force");
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

void add_export(CommandLine& line) {
  auto& options = line.options();
  auto& pack = line.add(group, "export",
                        {.does = "write an audit pack: everything that proves the results of a unit",
                         .more = "Records, outcomes, the log with its newest checkpoint, catalogues, results and a page that "
                                 "explains them, in a new folder. It can be verified by tamroi-verify on a machine that never "
                                 "saw the server. An auditor's account is needed.",
                         .examples = {"tamroi export --unit 24 --to pack-24"}},
                        [](const Options& said, const Screen& screen) {
                          Client client(settings_of(said));
                          return export_pack(client, said.subject.unit, said.folder, screen);
                        });
  pack.add_option("--unit", options.subject.unit, "a district (2401), province (24), region (R4) or TH")->required()->type_name("UNIT");
  pack.add_option("--to", options.folder, "a folder that is not there yet")->required()->type_name("DIR");
}

void add_access(CommandLine& line) {
  auto& options = line.options();
  auto& access = line.add(group, "access",
                          {.does = "show who looked at what, and used the server's keys and commands",
                           .more = "The lines of the access log, from the oldest on. An auditor's account is needed.",
                           .examples = {"tamroi access --limit 20", "tamroi access --cursor 1000 --json"}},
                          [](const Options& said, const Screen& screen) {
                            Client client(settings_of(said));
                            return read_accesses(client, said.page, screen);
                          });
  access.add_option("--limit", options.page.limit, "so many lines at most")->check(CLI::Range(1U, 1'000U))->type_name("NUMBER");
  access.add_option("--cursor", options.page.cursor, "from that line on")->type_name("NUMBER");
}

}  // namespace

void add_auditing_commands(CommandLine& line) {
  add_compare(line);
  add_trace(line);
  add_what_if(line);
  add_rejected(line);
  add_export(line);
  add_access(line);
}

}  // namespace tamroi::cli
