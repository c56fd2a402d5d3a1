#pragma once

#include <cstddef>
#include <cstdint>
#include <random>

#include "base/uuid.h"

namespace tamroi::simulation {

// The same seed gives the same history on every machine.
class Chance {
 public:
  explicit Chance(std::uint64_t seed) : engine_(seed) {}
  // 0 to bound - 1.
  std::size_t below(std::size_t bound) { return static_cast<std::size_t>(engine_() % bound); }
  std::int64_t between(std::int64_t first, std::int64_t last) {
    return first + static_cast<std::int64_t>(below(static_cast<std::size_t>(last - first + 1)));
  }
  bool percent(std::size_t share) { return below(100) < share; }
  template <class Items>
  auto& of(Items& items) {
    return items[below(items.size())];
  }
  base::Uuid uuid() {
    base::Uuid id;
    for (auto& byte : id.bytes) byte = static_cast<std::uint8_t>(below(256));
    return id;
  }

 private:
  std::mt19937_64 engine_;
};

}  // namespace tamroi::simulation
