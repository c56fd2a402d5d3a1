#include <set>

#include <fmt/format.h>

#include "cli/completion.h"

namespace tamroi::cli {
namespace {

// Finds the command, and how many of its arguments stand before the word to be completed.
constexpr auto begin = R"(# Completion of tamroi for bash, as tamroi completion bash writes it.
_tamroi() {
  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} command='' place=0 i
  for ((i = 1; i < COMP_CWORD; ++i)); do
    case ${COMP_WORDS[i]} in
      # Words are parted here too.
      : | =) ((++i)) ;;
)";

constexpr auto end = R"(  esac
}
complete -F _tamroi tamroi
)";

// Of a word that is one of these, a file or a folder.
std::string reply(const std::vector<std::string>& words, std::string_view name) {
  if (!words.empty()) return fmt::format("COMPREPLY=($(compgen -W '{}' -- \"$word\"))", fmt::join(words, " "));
  if (name != "FILE" && name != "DIR") return ":";
  return fmt::format("compopt -o filenames; mapfile -t COMPREPLY < <(compgen -{} -- \"$word\")",
                     name == "DIR" ? 'd' : 'f');
}

std::string names_of(const std::vector<OptionText>& options) {
  std::string names;
  for (const auto& option : options) {
    names += (names.empty() ? "" : " ") + option.name;
    if (!option.letter.empty()) names += ' ' + option.letter;
  }
  return names;
}

// Options that are followed by a value.
std::string valued_names(const ProgramText& program) {
  std::set<std::string> names;
  const auto add = [&](const std::vector<OptionText>& options) {
    for (const auto& option : options) {
      if (!option.value.empty()) names.insert(option.name);
    }
  };
  add(program.options);
  for (const auto& command : program.commands) add(command.options);
  return fmt::format("{}", fmt::join(names, " | "));
}

// Values that can be completed.
std::string value_cases(const CommandText& command) {
  std::string out;
  for (const auto& option : command.options) {
    if (option.words.empty() && option.value != "FILE" && option.value != "DIR") continue;
    out += fmt::format("    '{} {}') {}; return ;;\n", command.name, option.name, reply(option.words, option.value));
  }
  return out;
}

std::string argument_case(const CommandText& command) {
  std::string out = fmt::format("    '{}')\n      case $place in\n", command.name);
  for (std::size_t i = 0; i < command.arguments.size(); ++i) {
    const auto& argument = command.arguments[i];
    const auto place = argument.repeated ? "*" : fmt::to_string(i);
    out += fmt::format("        {}) {} ;;\n", place, reply(argument.words, argument.name));
  }
  return out + "      esac ;;\n";
}

std::string words_case(const ProgramText& program, const std::string& group) {
  std::vector<std::string> words;
  for (const auto& next : next_words(program, group)) words.push_back(next.word);
  return fmt::format("    '{}') {} ;;\n", group, reply(words, ""));
}

}  // namespace

std::string bash_completion(const ProgramText& program) {
  const auto valued = valued_names(program);
  std::string names;
  std::string values;
  std::string options;
  auto arguments = words_case(program, "");
  for (const auto& group : command_groups(program)) {
    names += fmt::format("          ' {0}') command='{0}' ;;\n", group);
    arguments += words_case(program, group);
  }
  for (const auto& command : program.commands) {
    const auto* before = command.name.find(' ') == std::string::npos ? " " : "";
    names += fmt::format("          '{0}{1}') command='{1}' ;;\n", before, command.name);
    values += value_cases(command);
    options += fmt::format("      '{}') options='{}' ;;\n", command.name, names_of(command.options));
    arguments += argument_case(command);
  }
  std::string out = begin;
  out += fmt::format("      {}) ((++i)) ;;\n      -*) ;;\n      *)\n", valued);
  out += "        case \"$command ${COMP_WORDS[i]}\" in\n" + names;
  out += "          *) ((++place)) ;;\n        esac ;;\n    esac\n  done\n  COMPREPLY=()\n";
  out += fmt::format("  case \"$command $before\" in\n{}  esac\n", values);
  out += fmt::format("  case $before in\n    {}) return ;;\n  esac\n", valued);
  out += "  if [[ $word == -* ]]; then\n    local options=''\n    case $command in\n" + options + "    esac\n";
  out += fmt::format("    COMPREPLY=($(compgen -W \"$options {}\" -- \"$word\"))\n    return\n  fi\n",
                     names_of(program.options));
  return out + "  case $command in\n" + arguments + end;
}

}  // namespace tamroi::cli
