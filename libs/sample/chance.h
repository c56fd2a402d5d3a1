#pragma once

#include <cstdint>
#include <initializer_list>

namespace tamroi::sample {

// Numbers that look like chance and are the same on every machine (SplitMix64).
//
// A history is not drawn from one long row of numbers: what is drawn for a fact follows from its key alone, so that
// any part of it can be made again, in any order, without what came before.
class Chance {
 public:
  explicit Chance(std::uint64_t seed) : state_(seed) {}

  std::uint64_t next() {
    state_ += 0x9E3779B97F4A7C15ULL;
    return scatter(state_);
  }
  // From 0 to below the bound.
  std::uint64_t below(std::uint64_t bound) {
    return static_cast<std::uint64_t>((static_cast<unsigned __int128>(next()) * bound) >> 64U);
  }
  // Both inclusive.
  std::int64_t between(std::int64_t low, std::int64_t high) {
    return high <= low ? low : low + static_cast<std::int64_t>(below(static_cast<std::uint64_t>(high - low) + 1));
  }

  [[nodiscard]] static std::uint64_t scatter(std::uint64_t z) {
    z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ (z >> 27U)) * 0x94D049BB133111EBULL;
    return z ^ (z >> 31U);
  }

 private:
  std::uint64_t state_;
};

// One number for several, in their order.
[[nodiscard]] inline std::uint64_t key_of(std::initializer_list<std::uint64_t> parts) {
  std::uint64_t key = 0;
  for (const auto part : parts) key = Chance::scatter(key + part + 0x9E3779B97F4A7C15ULL);
  return key;
}

}  // namespace tamroi::sample
