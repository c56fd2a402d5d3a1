#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <ostream>
#include <string>
#include <string_view>

#include "cli/look.h"

namespace tamroi::cli {

// A bar on the last line of a terminal, for work that takes a while; elsewhere nothing. Gone when it is destroyed.
class Progress {
 public:
  // `total` is the whole work, in whatever it is counted; 0 where nobody knows. Nothing is drawn before `after`.
  Progress(std::ostream& terminal, const Look& look, std::uint64_t total,
           std::chrono::milliseconds after = std::chrono::milliseconds(300));
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  // So much is done; draws at most ten times a second.
  void show(std::uint64_t done, std::string_view remark);
  // Takes the bar away, so that something can be written in its place.
  void clear();

 private:
  using Clock = std::chrono::steady_clock;
  std::ostream& terminal_;
  Look look_;
  std::uint64_t total_;
  std::chrono::milliseconds after_;
  Clock::time_point begun_;
  Clock::time_point drawn_;
  bool visible_ = false;
};

// [#########...........] 45 %, 12 s left, 120 submissions; the remark alone where the total is not known
[[nodiscard]] std::string bar_text(std::size_t columns, std::uint64_t done, std::uint64_t total,
                                   std::chrono::seconds left, std::string_view remark);

// " in 12.3 s, 812 a second"
[[nodiscard]] std::string rate_text(std::size_t count, std::chrono::steady_clock::duration time);

}  // namespace tamroi::cli
