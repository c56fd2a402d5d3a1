#include "cli/program_text.h"

#include <algorithm>
#include <iterator>

namespace tamroi::cli {

std::vector<CommandText> commands_under(const ProgramText& program, std::string_view name) {
  std::vector<CommandText> found;
  const auto prefix = name.empty() ? std::string() : std::string(name) + ' ';
  std::ranges::copy_if(program.commands, std::back_inserter(found), [&](const CommandText& command) {
    return command.name == name || command.name.starts_with(prefix);
  });
  return found;
}

std::string usage_of(const CommandText& command) {
  std::string out;
  for (const auto& argument : command.arguments) {
    const auto shown = argument.name + (argument.repeated ? "..." : "");
    out += argument.required ? shown + ' ' : '[' + shown + "] ";
  }
  for (const auto& option : command.options) {
    if (option.required) out += option.name + ' ' + option.value + ' ';
  }
  return out + "[options]";
}

}  // namespace tamroi::cli
