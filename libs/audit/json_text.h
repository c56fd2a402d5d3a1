#pragma once

#include <string>
#include <string_view>

namespace tamroi::audit {

// A JSON string of valid UTF-8, always written the same way: only what must be escaped is.
[[nodiscard]] std::string json_text(std::string_view utf8);

}  // namespace tamroi::audit
