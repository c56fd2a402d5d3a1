#include "projection/search.h"

#include <algorithm>

#include "base/ratio.h"

namespace tamroi::projection {

std::uint64_t count_at_most(std::uint64_t count, std::int64_t most, const std::function<std::int64_t(std::uint64_t)>& value) {
  if (count == 0) return 0;
  // Those before `low` are at most `most`, those from `high` on are more; what the two beside them say tells about where
  // the border is.
  std::uint64_t low = 0;
  std::uint64_t high = count;
  auto least = value(0);
  if (least > most) return 0;
  auto greatest = value(count - 1);
  if (greatest <= most) return count;
  low = 1;
  high = count - 1;
  for (bool evenly = true; low < high; evenly = !evenly) {
    auto guess = low + (high - low) / 2;
    if (evenly) {
      const auto whole = base::Int128{greatest} - least;
      const auto part = (base::Int128{most} - least) * (high - low + 1) / whole;
      guess = std::clamp(low - 1 + static_cast<std::uint64_t>(part), low, high - 1);
    }
    const auto found = value(guess);
    if (found <= most) {
      low = guess + 1;
      least = found;
    } else {
      high = guess;
      greatest = found;
    }
  }
  return low;
}

}  // namespace tamroi::projection
