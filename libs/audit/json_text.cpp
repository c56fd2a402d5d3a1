#include "audit/json_text.h"

#include <cstdint>

#include <fmt/format.h>

namespace tamroi::audit {

std::string json_text(std::string_view utf8) {
  std::string text = "\"";
  for (const char c : utf8) {
    if (c == '"' || c == '\\') {
      text += '\\';
      text += c;
    } else if (c == '\n') {
      text += "\\n";
    } else if (static_cast<std::uint8_t>(c) < 0x20) {
      text += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
    } else {
      text += c;
    }
  }
  return text + "\"";
}

}  // namespace tamroi::audit
