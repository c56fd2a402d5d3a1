#pragma once

#include <string>
#include <string_view>

#include "cli/look.h"
#include "cli/program_text.h"

namespace tamroi::cli {

// What --help prints: of the program where `name` is empty, of a command, or of the commands that begin with it.
[[nodiscard]] std::string help_page(const ProgramText& program, std::string_view name, const Look& look);

}  // namespace tamroi::cli
