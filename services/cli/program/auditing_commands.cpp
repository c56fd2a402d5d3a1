#include "cli/accesses.h"
#include "cli/export.h"
#include "cli/program/command_line.h"

namespace tamroi::cli {
namespace {

constexpr auto group = "Audit";

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
  add_export(line);
  add_access(line);
}

}  // namespace tamroi::cli
