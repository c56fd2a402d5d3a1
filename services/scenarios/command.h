#pragma once

#include <filesystem>
#include <map>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/runner.h"

namespace tamroi::scenarios {

// What the program is asked to do.
struct Command {
  Selection selection;
  std::filesystem::path catalogues = "schemas/catalogue";
  bool list = false;
  std::string url;               // "": the pure fold
  std::string token;             // of an operator
  std::filesystem::path tokens;  // a file that a server wrote
};

// The tokens that a server wrote on first use, {"ROLE": TOKEN, …}, by ROLE@UNIT; a key may name its unit itself.
// Throws std::runtime_error.
[[nodiscard]] std::map<std::string, std::string> read_tokens(std::string_view json);

// Does it and returns the exit code: 0 all passed, 1 something failed.
// Errors: throws std::runtime_error, with what to do, when it cannot be begun.
[[nodiscard]] int carry_out(const Command& command, std::ostream& output);

}  // namespace tamroi::scenarios
