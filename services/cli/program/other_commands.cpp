#include "cli/catalogue_check.h"
#include "cli/completion.h"
#include "cli/manual_page.h"
#include "cli/program/command_line.h"

namespace tamroi::cli {
namespace {

constexpr auto group = "Other";

void add_catalogue_check(CommandLine& line) {
  auto& options = line.options();
  auto& check = line.add(
      group, "catalogue check",
      {.does = "show all problems of a catalogue, with file, line and reason",
       .more = "Needs no server: it checks as the server does before it publishes.",
       .examples = {"tamroi catalogue check schemas/catalogue/2565-2"}},
      [](const Options& said, const Screen& screen) { return check_catalogue(said.folder, said.against, screen); });
  check.add_option("DIR", options.folder, "its folder")->required();
  check.add_option("--against", options.against, "the folder of the catalogue in force, which it must not change")
      ->type_name("DIR");
}

void add_completion(CommandLine& line) {
  auto& options = line.options();
  auto& completion =
      line.add(group, "completion",
               {.does = "print a script with which a shell completes this program's command lines",
                .more = "For bash source it; for zsh put it as _tamroi into a folder of fpath; for fish as "
                        "tamroi.fish into ~/.config/fish/completions.",
                .examples = {"source <(tamroi completion bash)",
                             "tamroi completion fish > ~/.config/fish/completions/tamroi.fish"}},
               [&line](const Options& said, const Screen& screen) {
                 const auto text = line.text();
                 screen.output << (said.shell == "bash"  ? bash_completion(text)
                                   : said.shell == "zsh" ? zsh_completion(text)
                                                         : fish_completion(text));
                 return Exit::Done;
               });
  line.choose(completion.add_option("SHELL", options.shell, "which one")->required(), {"bash", "zsh", "fish"});
}

void add_manual(CommandLine& line) {
  line.add(group, "manual", {.does = "print the manual page, for man", .examples = {"tamroi manual | man -l -"}},
           [&line](const Options&, const Screen& screen) {
             screen.output << manual_page(line.text(), TAMROI_VERSION);
             return Exit::Done;
           });
}

}  // namespace

void add_other_commands(CommandLine& line) {
  add_catalogue_check(line);
  add_completion(line);
  add_manual(line);
}

}  // namespace tamroi::cli
