#include "cli/catalogue_check.h"
#include "cli/program/command_line.h"

namespace tamroi::cli {

void add_other_commands(CommandLine& line) {
  auto& options = line.options();
  auto& check = line.add(
      "Other", "catalogue check",
      {.does = "show all problems of a catalogue, with file, line and reason",
       .more = "Needs no server: it checks as the server does before it publishes.",
       .examples = {"tamroi catalogue check schemas/catalogue/2565-2"}},
      [](const Options& said, const Screen& screen) { return check_catalogue(said.folder, said.against, screen); });
  check.add_option("DIR", options.folder, "its folder")->required();
  check.add_option("--against", options.against, "the folder of the catalogue in force, which it must not change")
      ->type_name("DIR");
}

}  // namespace tamroi::cli
