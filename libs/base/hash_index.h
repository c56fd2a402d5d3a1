#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <utility>
#include <vector>

namespace tamroi::base {

// Finds where a thing stands in a list that its owner keeps, by the thing's hash: open addressing in one flat table of
// eight bytes a slot, where std::unordered_map goes to another cache line for every node. It is never iterated, so
// nothing depends on the order of its slots.
class HashIndex {
 public:
  HashIndex() = default;
  explicit HashIndex(std::size_t things) { slots_.resize(std::bit_ceil(2 * things + 2)); }

  // The place whose thing has the hash and for which `same(place)` holds; null where there is none. It may be changed
  // to where an equal thing stands now, until the next add.
  template <typename Same>
  [[nodiscard]] const std::uint32_t* find(std::uint64_t hash, const Same& same) const {
    if (slots_.empty()) return nullptr;
    const auto tag = tag_of(hash);
    for (std::size_t i = tag & mask();; i = (i + 1) & mask()) {
      const auto& slot = slots_[i];
      if (slot.tag == 0) return nullptr;
      if (slot.tag == tag && same(slot.place)) return &slot.place;
    }
  }
  template <typename Same>
  [[nodiscard]] std::uint32_t* find(std::uint64_t hash, const Same& same) {
    return const_cast<std::uint32_t*>(std::as_const(*this).find(hash, same));
  }
  // Adds a thing that was not found.
  void add(std::uint64_t hash, std::uint32_t place) {
    if (2 * ++size_ > slots_.size()) grow();
    put({tag_of(hash), place});
  }
  void clear() {
    slots_.clear();
    size_ = 0;
  }
  [[nodiscard]] std::size_t bytes() const { return slots_.capacity() * sizeof(Slot); }
  // Brings the slot where a search for the hash begins near the core.
  void prefetch(std::uint64_t hash) const {
    if (!slots_.empty()) __builtin_prefetch(&slots_[tag_of(hash) & mask()]);
  }

 private:
  struct Slot {
    std::uint32_t tag = 0;  // 0: free
    std::uint32_t place = 0;
  };
  [[nodiscard]] static std::uint32_t tag_of(std::uint64_t hash) {
    const auto tag = static_cast<std::uint32_t>(hash * 0x9E3779B97F4A7C15ULL >> 32);
    return tag == 0 ? 1 : tag;
  }
  [[nodiscard]] std::size_t mask() const { return slots_.size() - 1; }
  void put(Slot slot) {
    std::size_t i = slot.tag & mask();
    while (slots_[i].tag != 0) i = (i + 1) & mask();
    slots_[i] = slot;
  }
  void grow() {
    auto old = std::exchange(slots_, std::vector<Slot>(std::max<std::size_t>(16, 2 * slots_.size())));
    for (const auto& slot : old) {
      if (slot.tag != 0) put(slot);
    }
  }

  std::vector<Slot> slots_;  // a power of two, at most half of them used
  std::size_t size_ = 0;
};

}  // namespace tamroi::base
