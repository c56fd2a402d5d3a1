#include <fmt/format.h>

#include "cli/completion.h"

namespace tamroi::cli {
namespace {

// Within single quotes, where brackets and colons would mean something.
std::string quoted(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\'') {
      out += "'\\''";
    } else {
      if (c == '[' || c == ']' || c == ':' || c == '\\') out += '\\';
      out += c;
    }
  }
  return out;
}

std::string action(const std::vector<std::string>& words, std::string_view name) {
  if (!words.empty()) return fmt::format("({})", fmt::join(words, " "));
  if (name == "FILE") return "_files";
  return name == "DIR" ? "_files -/" : " ";
}

std::string spec(const OptionText& option) {
  const auto does = fmt::format("[{}]", quoted(option.does));
  if (!option.letter.empty()) return fmt::format("'({0} {1})'{{{0},{1}}}'{2}'", option.letter, option.name, does);
  if (option.value.empty()) return fmt::format("'{}{}'", option.name, does);
  return fmt::format("'{}={}:{}:{}'", option.name, does, option.value, action(option.words, option.value));
}

std::string spec(const ArgumentText& argument, std::size_t number) {
  const auto place = argument.repeated ? "*" : fmt::to_string(number);
  const auto* colon = argument.required || argument.repeated ? ":" : "::";
  return fmt::format("'{}{}{}:{}'", place, colon, argument.name, action(argument.words, argument.name));
}

// _tamroi_account_grant
std::string function_of(std::string name) {
  for (char& c : name) c = c == ' ' ? '_' : c;
  return name.empty() ? "_tamroi" : "_tamroi_" + name;
}

std::string command_function(const CommandText& command) {
  auto out = fmt::format("{}() {{\n  _arguments -s $tamroi_everywhere", function_of(command.name));
  for (const auto& option : command.options) out += " \\\n    " + spec(option);
  for (std::size_t i = 0; i < command.arguments.size(); ++i) out += " \\\n    " + spec(command.arguments[i], i + 1);
  return out + "\n}\n";
}

// A word that is to be chosen, and then what follows it.
std::string group_function(const ProgramText& program, const std::string& group) {
  auto out = fmt::format("{}() {{\n  local state line\n", function_of(group));
  out +=
      "  _arguments -C $tamroi_everywhere '1: :->word' '*:: :->rest'\n  case $state in\n    word)\n      local -a "
      "words=(\n";
  const auto words = next_words(program, group);
  for (const auto& [word, does] : words) out += fmt::format("        '{}:{}'\n", word, quoted(does));
  out += "      )\n      _describe command words ;;\n    rest)\n      case $line[1] in\n";
  for (const auto& next : words) {
    const auto name = group.empty() ? next.word : group + ' ' + next.word;
    out += fmt::format("        {}) {} ;;\n", next.word, function_of(name));
  }
  return out + "      esac ;;\n  esac\n}\n";
}

}  // namespace

std::string zsh_completion(const ProgramText& program) {
  std::string out = "#compdef tamroi\n# Completion of tamroi for zsh, as tamroi completion zsh writes it.\n";
  out += "typeset -ga tamroi_everywhere=(\n";
  for (const auto& option : program.options) out += "  " + spec(option) + '\n';
  out += ")\n";
  for (const auto& command : program.commands) out += command_function(command);
  for (const auto& group : command_groups(program)) out += group_function(program, group);
  out += group_function(program, "");
  return out + "if [[ $funcstack[1] == _tamroi ]]; then _tamroi \"$@\"; else compdef _tamroi tamroi; fi\n";
}

}  // namespace tamroi::cli
