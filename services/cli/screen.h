#pragma once

#include <cstdint>
#include <ostream>
#include <string_view>

#include "cli/look.h"

namespace tamroi::cli {

// What the program ends with (contract.md, "Command line").
enum class Exit : std::uint8_t { Done = 0, Refused = 1, WrongUsage = 2, Unreachable = 3 };

// Where a command writes: what was asked for, and beside it what went wrong and how far it is.
struct Screen {
  std::ostream& output;
  std::ostream& errors;
  Look look;  // of the output
  Look errors_look;
  bool json = false;  // the output is for programs: what the route returns, as it came
};

// What a route returned, as it came, on a line of its own.
inline void print_body(std::string_view body, const Screen& screen) {
  screen.output << body << (body.ends_with('\n') ? "" : "\n");
}

}  // namespace tamroi::cli
