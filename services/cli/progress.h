#pragma once

#include <chrono>
#include <cstddef>
#include <ostream>
#include <string_view>

#include "cli/look.h"

namespace tamroi::cli {

// A bar on the last line of a terminal, for work of many steps; elsewhere nothing. Gone when it is destroyed.
class Progress {
 public:
  Progress(std::ostream& terminal, const Look& look, std::size_t steps);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  // So many steps are done; draws at most ten times a second.
  void show(std::size_t done, std::string_view remark);
  // Takes the bar away, so that something can be written in its place.
  void clear();

 private:
  using Clock = std::chrono::steady_clock;
  std::ostream& terminal_;
  Look look_;
  std::size_t steps_;
  Clock::time_point begun_;
  Clock::time_point drawn_;
  bool visible_ = false;
};

// [#########...........]  120 of 400, 12 s left, 3 rejected
[[nodiscard]] std::string bar_text(std::size_t columns, std::size_t done, std::size_t steps, std::chrono::seconds left,
                                   std::string_view remark);

}  // namespace tamroi::cli
