#pragma once

#include <optional>
#include <string_view>

namespace tamroi::audit {

// A head of lines with a signed note behind an empty one: what proofs and requests to witnesses are.
struct HeadAndNote {
  std::string_view head;  // whole lines
  std::string_view note;
};
[[nodiscard]] inline std::optional<HeadAndNote> split_head(std::string_view bytes) {
  const auto end = bytes.find("\n\n");
  if (end == bytes.npos) return std::nullopt;
  return HeadAndNote{bytes.substr(0, end + 1), bytes.substr(end + 2)};
}

// The next line, without its end, which is taken off; of whole lines, at least one.
[[nodiscard]] inline std::string_view take_line(std::string_view& lines) {
  const auto end = lines.find('\n');
  const auto line = lines.substr(0, end);
  lines.remove_prefix(end + 1);
  return line;
}

}  // namespace tamroi::audit
