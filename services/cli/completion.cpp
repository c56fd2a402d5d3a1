#include "cli/completion.h"

#include <algorithm>

namespace tamroi::cli {

std::vector<std::string> command_groups(const ProgramText& program) {
  std::vector<std::string> groups;
  for (const auto& command : program.commands) {
    const auto space = command.name.find(' ');
    if (space == std::string::npos) continue;
    auto group = command.name.substr(0, space);
    if (std::ranges::find(groups, group) == groups.end()) groups.push_back(std::move(group));
  }
  return groups;
}

std::vector<NextWord> next_words(const ProgramText& program, std::string_view group) {
  std::vector<NextWord> words;
  for (const auto& command : commands_under(program, group)) {
    const auto rest = group.empty() ? command.name : command.name.substr(group.size() + 1);
    const auto space = rest.find(' ');
    if (space == std::string::npos) {
      words.push_back({rest, command.does});
      continue;
    }
    // A group is told by what its commands are about.
    const auto first = rest.substr(0, space);
    const bool known = std::ranges::any_of(words, [&](const NextWord& word) { return word.word == first; });
    if (known) {
      auto& told = words.back().does;
      told += ", " + rest.substr(space + 1);
    } else {
      words.push_back({first, rest.substr(space + 1)});
    }
  }
  return words;
}

}  // namespace tamroi::cli
