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

Progress::Progress(std::ostream& terminal, const Look& look, std::uint64_t total, std::chrono::milliseconds after)
    : terminal_(terminal), look_(look), total_(total), after_(after), begun_(Clock::now()) {}

Progress::~Progress() { clear(); }

void Progress::show(std::uint64_t done, std::string_view remark) {
  const auto now = Clock::now();
  if (!look_.terminal || now - begun_ < after_ || (visible_ && now - drawn_ < between_drawings)) return;
  const auto spent = std::chrono::duration_cast<std::chrono::milliseconds>(now - begun_).count();
  const auto rest = total_ - std::min(done, total_);
  const std::chrono::milliseconds left(done == 0 ? 0 : static_cast<std::uint64_t>(spent) * rest / done);
  const auto text = bar_text(look_.columns, done, total_, std::chrono::ceil<std::chrono::seconds>(left), remark);
  terminal_ << "\r\x1b[K" << text << std::flush;
  drawn_ = now;
  visible_ = true;
}

void Progress::clear() {
  if (visible_) terminal_ << "\r\x1b[K" << std::flush;
  visible_ = false;
}

std::string bar_text(std::size_t columns, std::uint64_t done, std::uint64_t total, std::chrono::seconds left,
                     std::string_view remark) {
  if (total == 0) return std::string(remark);
  done = std::min(done, total);
  auto words = fmt::format("{} %", 100 * done / total);
  if (done > 0 && done < total) words += fmt::format(", {} left", duration_text(left));
  if (!remark.empty()) words += fmt::format(", {}", remark);
  const auto taken = display_width(words) + 4;
  if (columns < taken + 5) return words;
  const auto bar = std::min(bar_columns_max, columns - taken - 1);
  const auto full = bar * done / total;
  return fmt::format("[{:#<{}}{:.<{}}] {}", "", full, "", bar - full, words);
}

std::string rate_text(std::size_t count, std::chrono::steady_clock::duration time) {
  const auto millis = std::max<std::int64_t>(1, std::chrono::duration_cast<std::chrono::milliseconds>(time).count());
  const auto tenths = (millis + 50) / 100;
  return fmt::format(" in {}.{} s, {} a second", tenths / 10, tenths % 10,
                     static_cast<std::int64_t>(count) * 1000 / millis);
}

}  // namespace tamroi::cli
