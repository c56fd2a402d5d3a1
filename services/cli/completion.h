#pragma once

#include <string>

#include "cli/program_text.h"

// Scripts that tell a shell what can stand where on the command line.
namespace tamroi::cli {

[[nodiscard]] std::string bash_completion(const ProgramText& program);
[[nodiscard]] std::string zsh_completion(const ProgramText& program);
[[nodiscard]] std::string fish_completion(const ProgramText& program);

// The first words of commands of two, each once: "account".
[[nodiscard]] std::vector<std::string> command_groups(const ProgramText& program);
// What can follow that word, or begin where it is empty: a command's last word, and what it does.
struct NextWord {
  std::string word;
  std::string does;
};
[[nodiscard]] std::vector<NextWord> next_words(const ProgramText& program, std::string_view group);

}  // namespace tamroi::cli
