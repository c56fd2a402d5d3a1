#pragma once

#include <string>
#include <string_view>
#include <vector>

// The command line as texts: what its help, its manual page and the completion of shells are made from.
namespace tamroi::cli {

// Something that stands in its place, without a name before it.
struct ArgumentText {
  std::string name = {};  // FILE and DIR stand for what they say
  std::string does = {};
  bool required = true;
  bool repeated = false;
  std::vector<std::string> words = {};  // what it may be; empty: anything
};

struct OptionText {
  std::string name = {};    // --round
  std::string letter = {};  // -h, or empty
  std::string value = {};   // ROUND; empty: it is there or not
  std::string does = {};
  std::string variable = {};   // of the environment, which says it too
  std::string otherwise = {};  // what holds without it
  bool required = false;
  std::vector<std::string> words = {};
};

struct CommandText {
  std::string name = {};   // "account grant"
  std::string group = {};  // of the overview
  std::string does = {};   // "show where a unit stands"
  std::string more = {};   // a paragraph
  std::vector<ArgumentText> arguments = {};
  std::vector<OptionText> options = {};
  std::vector<std::string> examples = {};
};

struct ProgramText {
  std::string does = {};
  std::vector<OptionText> options = {};  // of every command
  std::vector<CommandText> commands = {};
};

// The commands named by the word alone, or by it and further words; "" is all of them.
[[nodiscard]] std::vector<CommandText> commands_under(const ProgramText& program, std::string_view name);

// "UNIT INDICATOR [options]", as it follows the command's name.
[[nodiscard]] std::string usage_of(const CommandText& command);

inline constexpr std::string_view exit_codes =
    "0 done, 1 refused or rejected, 2 wrong usage, 3 the server could not be reached";

}  // namespace tamroi::cli
