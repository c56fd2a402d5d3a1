#pragma once

#include <string>
#include <string_view>

#include "cli/program_text.h"

namespace tamroi::cli {

// The manual page tamroi(1), for man.
[[nodiscard]] std::string manual_page(const ProgramText& program, std::string_view version);

}  // namespace tamroi::cli
