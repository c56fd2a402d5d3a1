#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "cli/program/options.h"
#include "cli/program_text.h"
#include "cli/screen.h"

namespace tamroi::cli {

// The commands, with what each is called with and does. Help, manual page and completion are made from what stands
// here, so that none of them can say something else.
class CommandLine {
 public:
  using Run = std::function<Exit(const Options&, const Screen&)>;
  struct Said {
    std::string does;  // "show where a unit stands"
    std::string more = {};
    std::vector<std::string> examples = {};
  };

  CommandLine();
  CommandLine(const CommandLine&) = delete;
  CommandLine& operator=(const CommandLine&) = delete;

  // What add_…_commands() build with. A name of two words is a command of the group that the first one names.
  CLI::App& add(const std::string& group, const std::string& name, Said said, Run run);
  [[nodiscard]] Options& options() { return options_; }
  // The option takes one of the words.
  void choose(CLI::Option* option, std::vector<std::string> words);

  // False where no command was named.
  // Errors: throws CLI::ParseError, also where help is asked for.
  [[nodiscard]] bool parse(int count, const char* const* arguments);
  // Prints what a ParseError says; the exit is Done where help was asked for.
  [[nodiscard]] Exit tell(const CLI::ParseError& error) const;
  [[nodiscard]] Exit run(const Screen& screen) const;

  [[nodiscard]] ProgramText text() const;

 private:
  struct Command {
    CLI::App* app;
    Said said;
    Run run;
    std::string group;
    std::string name;
  };
  class Help;
  [[nodiscard]] OptionText text_of(const CLI::Option& option) const;
  [[nodiscard]] CommandText text_of(const Command& command) const;

  Options options_;
  CLI::App app_;
  std::vector<Command> commands_;
  std::map<const CLI::Option*, std::vector<std::string>> words_;
};

void add_reading_commands(CommandLine& line);
void add_sending_commands(CommandLine& line);
void add_account_commands(CommandLine& line);
void add_sample_commands(CommandLine& line);
void add_auditing_commands(CommandLine& line);
void add_other_commands(CommandLine& line);

}  // namespace tamroi::cli
