#pragma once

#include <cstddef>

namespace tamroi::projection {

// How much of what waits in a stream is folded and committed together.
struct BatchLimits {
  std::size_t records_max = 4096;
  // Bounds how long readers of names wait for a batch to be folded. One record is taken whatever its size.
  std::size_t bytes_max = std::size_t{16} << 20;
  bool operator==(const BatchLimits&) const = default;
};

}  // namespace tamroi::projection
