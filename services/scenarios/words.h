#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "scenarios/scenario.h"

namespace tamroi::scenarios {

// Words of a line, separated by blanks outside quotes, backticks and brackets; a `#` that begins a word
// ends the line. Throws BadScenario where something is left open.
[[nodiscard]] std::vector<std::string> split_words(std::string_view text, const Place& place);

// "…" as in JSON, `…` JSON as written, […], {name=value, …}, or bare. Throws BadScenario.
[[nodiscard]] Value parse_value(std::string_view text, const Place& place);
// The text of a quoted or bare word.
[[nodiscard]] std::string parse_text(std::string_view word, const Place& place);

}  // namespace tamroi::scenarios
