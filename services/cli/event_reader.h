#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace tamroi::cli {

struct StreamEvent {
  std::string type;
  std::string id;  // the last one given, also by an earlier event
  std::string text;
};

// Server-sent events out of the bytes that carry them, in whatever pieces these come. Half an event waits for the rest.
class EventReader {
 public:
  [[nodiscard]] std::vector<StreamEvent> take(std::string_view bytes);
  // What is held of an event that has not ended.
  [[nodiscard]] std::size_t waiting_bytes() const { return line_.size() + next_.text.size(); }

 private:
  void end_line(std::vector<StreamEvent>& events);

  std::string line_;
  bool after_return_ = false;  // a line feed would belong to the end before it
  StreamEvent next_;
  bool has_text_ = false;
};

}  // namespace tamroi::cli
