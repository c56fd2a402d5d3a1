#include <fmt/format.h>

#include "cli/completion.h"

namespace tamroi::cli {
namespace {

std::string quoted(std::string_view text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'' || c == '\\') out += '\\';
    out += c;
  }
  return out + '\'';
}

// What completes a value: words, files, folders, or nothing.
std::string values(const std::vector<std::string>& words, std::string_view name) {
  if (!words.empty()) return fmt::format(" -a {}", quoted(fmt::format("{}", fmt::join(words, " "))));
  if (name == "FILE") return " -F";
  return name == "DIR" ? " -a '(__fish_complete_directories)'" : "";
}

std::string line(const std::string& condition, const OptionText& option) {
  auto out = std::string("complete -c tamroi");
  if (!condition.empty()) out += fmt::format(" -n {}", quoted(condition));
  if (!option.letter.empty()) out += " -s " + option.letter.substr(1);
  out += " -l " + option.name.substr(2);
  if (!option.value.empty()) out += (option.value == "FILE" ? " -r" : " -x") + values(option.words, option.value);
  return fmt::format("{} -d {}\n", out, quoted(option.does));
}

std::string seen(std::string_view word) { return fmt::format("__fish_seen_subcommand_from {}", word); }

std::string condition_of(const CommandText& command) {
  const auto space = command.name.find(' ');
  if (space == std::string::npos) return seen(command.name);
  return seen(command.name.substr(0, space)) + "; and " + seen(command.name.substr(space + 1));
}

std::string words_of(const ProgramText& program, const std::string& group) {
  const auto words = next_words(program, group);
  std::string all;
  for (const auto& next : words) all += ' ' + next.word;
  const auto condition = group.empty() ? "not __fish_seen_subcommand_from" + all
                                       : seen(group) + "; and not __fish_seen_subcommand_from" + all;
  std::string out;
  for (const auto& next : words) {
    out += fmt::format("complete -c tamroi -n {} -a {} -d {}\n", quoted(condition), next.word, quoted(next.does));
  }
  return out;
}

}  // namespace

std::string fish_completion(const ProgramText& program) {
  std::string out = "# Completion of tamroi for fish, as tamroi completion fish writes it.\ncomplete -c tamroi -f\n";
  for (const auto& option : program.options) out += line("", option);
  out += words_of(program, "");
  for (const auto& group : command_groups(program)) out += words_of(program, group);
  for (const auto& command : program.commands) {
    const auto condition = condition_of(command);
    for (const auto& option : command.options) out += line(condition, option);
    for (const auto& argument : command.arguments) {
      const auto completed = values(argument.words, argument.name);
      if (!completed.empty()) out += fmt::format("complete -c tamroi -n {}{}\n", quoted(condition), completed);
    }
  }
  return out;
}

}  // namespace tamroi::cli
