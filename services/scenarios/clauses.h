#pragma once

#include <optional>
#include <string>
#include <vector>

#include "scenarios/cursor.h"
#include "scenarios/scenario.h"

namespace tamroi::scenarios {

[[nodiscard]] Value bare(std::string text);
[[nodiscard]] Value quoted(std::string text);

// as ROLE[@UNIT]; a role without a unit is one of the unit spoken of.
bool accept_sender(Cursor& words, std::optional<Sender>& sender);
// with NAME=VALUE, without NAME.
bool accept_drop_or_add(Cursor& words, Members& with, std::vector<std::string>& without);
// The rest of a statement that begins with that verb and sends a control; nothing for other verbs.
[[nodiscard]] std::optional<Control> parse_control(const std::string& verb, Cursor& words);

}  // namespace tamroi::scenarios
