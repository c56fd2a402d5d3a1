#include "cli/progress.h"

#include <algorithm>

#include <fmt/format.h>

#include "cli/display.h"

namespace tamroi::cli {
namespace {

constexpr auto between_drawings = std::chrono::milliseconds(100);
constexpr std::size_t bar_columns_max = 40;

std::string duration_text(std::chrono::seconds left) {
  const auto seconds = left.count();
  return seconds < 90 ? fmt::format("{} s", seconds) : fmt::format("{} min", (seconds + 30) / 60);
}

}  // namespace

Progress::Progress(std::ostream& terminal, const Look& look, std::size_t steps)
    : terminal_(terminal), look_(look), steps_(steps), begun_(Clock::now()) {}

Progress::~Progress() { clear(); }

void Progress::show(std::size_t done, std::string_view remark) {
  if (!look_.terminal || steps_ < 2) return;
  const auto now = Clock::now();
  if (visible_ && now - drawn_ < between_drawings) return;
  const auto spent = std::chrono::duration_cast<std::chrono::milliseconds>(now - begun_).count();
  const auto left =
      done == 0 ? 0 : spent * static_cast<std::int64_t>(steps_ - done) / static_cast<std::int64_t>(done) / 1000;
  terminal_ << "\r\x1b[K" << bar_text(look_.columns, done, steps_, std::chrono::seconds(left), remark) << std::flush;
  drawn_ = now;
  visible_ = true;
}

void Progress::clear() {
  if (visible_) terminal_ << "\r\x1b[K" << std::flush;
  visible_ = false;
}

std::string bar_text(std::size_t columns, std::size_t done, std::size_t steps, std::chrono::seconds left,
                     std::string_view remark) {
  auto words = fmt::format("{} of {}", done, steps);
  if (done > 0 && done < steps) words += fmt::format(", {} left", duration_text(left));
  if (!remark.empty()) words += fmt::format(", {}", remark);
  const auto taken = display_width(words) + 4;
  if (columns < taken + 5) return words;
  const auto bar = std::min(bar_columns_max, columns - taken - 1);
  const auto full = bar * done / std::max<std::size_t>(1, steps);
  return fmt::format("[{:#<{}}{:.<{}}] {}", "", full, "", bar - full, words);
}

}  // namespace tamroi::cli
