#pragma once

#include <cstdint>
#include <functional>

namespace tamroi::projection {

// How many of `count` values, which never fall, are at most `most`, in as many reads as `count` has digits in base 2 at
// worst, twice; in a few where they rise evenly. `value` reads the one at a place.
[[nodiscard]] std::uint64_t count_at_most(std::uint64_t count, std::int64_t most, const std::function<std::int64_t(std::uint64_t)>& value);

}  // namespace tamroi::projection
