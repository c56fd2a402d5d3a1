#include "cli/event_reader.h"

#include <algorithm>
#include <utility>

namespace tamroi::cli {

std::vector<StreamEvent> EventReader::take(std::string_view bytes) {
  std::vector<StreamEvent> events;
  while (!bytes.empty()) {
    if (std::exchange(after_return_, false) && bytes.front() == '\n') {
      bytes.remove_prefix(1);
      continue;
    }
    const auto end = std::min(bytes.find_first_of("\r\n"), bytes.size());
    line_ += bytes.substr(0, end);
    if (end == bytes.size()) break;
    after_return_ = bytes[end] == '\r';
    bytes.remove_prefix(end + 1);
    end_line(events);
  }
  return events;
}

void EventReader::end_line(std::vector<StreamEvent>& events) {
  const auto line = std::exchange(line_, {});
  if (line.empty()) {
    if (has_text_) events.push_back(next_);
    next_ = {.type = {}, .id = std::move(next_.id), .text = {}};
    has_text_ = false;
    return;
  }
  const auto colon = std::min(line.find(':'), line.size());
  const auto field = std::string_view(line).substr(0, colon);
  auto value = std::string_view(line).substr(std::min(colon + 1, line.size()));
  if (value.starts_with(' ')) value.remove_prefix(1);
  if (field == "event") next_.type = value;
  if (field == "id") next_.id = value;
  if (field == "data") {
    if (std::exchange(has_text_, true)) next_.text += '\n';
    next_.text += value;
  }
}

}  // namespace tamroi::cli
