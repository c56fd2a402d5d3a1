#pragma once

#include <string>
#include <string_view>

namespace tamroi::telemetry {

// Appends the text as a JSON string in quotes; bytes that are not UTF-8 become U+FFFD.
void append_json_string(std::string& out, std::string_view text);

}  // namespace tamroi::telemetry
