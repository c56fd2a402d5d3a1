#include <chrono>

#include "cli/audits.h"
#include "cli/program/command_line.h"

namespace tamroi::cli {
namespace {

constexpr auto group = "Audit";
constexpr auto number_max = 999'999U;
// A draft is scored on the whole history.
constexpr std::chrono::minutes scored_within{30};

void add_round(CLI::App& command, Options& options) {
  command.add_option("--round", options.subject.round, "in which round")->type_name("ROUND")->default_str("the server's newest")->envname("TAMROI_ROUND");
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
  add_what_if(line);
  add_rejected(line);
}

}  // namespace tamroi::cli
