#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/ratio.h"
#include "scoring/fact.h"

namespace tamroi::scoring {

// The newest live fact of a cell, by date, then by where it was recorded.
struct Latest {
  bool present = false;
  base::Date occurred_on{};
  RecordedAt recorded{};
  std::int64_t value = 0;
  [[nodiscard]] bool newer_than(const Latest& other) const {
    if (!other.present) return present;
    return present && (occurred_on != other.occurred_on ? occurred_on > other.occurred_on : recorded > other.recorded);
  }
  bool operator==(const Latest&) const = default;
};

// Signed multiplicities of the values of a distinct term whose values are open (texts, entities, numbers).
using Multiset = std::map<std::string, std::uint32_t>;

// How much of each kind of storage one owner (a member of a register, or a unit) needs.
struct Extent {
  std::size_t counts = 0;
  std::size_t sums = 0;
  std::size_t latest = 0;
  std::size_t multisets = 0;
};

// The accumulators of many owners, each with the same extent.
class Cells {
 public:
  explicit Cells(Extent extent) : extent_(extent) {}
  void resize(std::size_t owners) {
    counts_.resize(owners * extent_.counts);
    sums_.resize(owners * extent_.sums);
    latest_.resize(owners * extent_.latest);
    multisets_.resize(owners * extent_.multisets);
  }
  [[nodiscard]] std::uint32_t& count(std::size_t owner, std::size_t i) { return counts_[owner * extent_.counts + i]; }
  [[nodiscard]] std::uint32_t count(std::size_t owner, std::size_t i) const { return counts_[owner * extent_.counts + i]; }
  [[nodiscard]] base::Int128& sum(std::size_t owner, std::size_t i) { return sums_[owner * extent_.sums + i]; }
  [[nodiscard]] base::Int128 sum(std::size_t owner, std::size_t i) const { return sums_[owner * extent_.sums + i]; }
  [[nodiscard]] Latest& latest(std::size_t owner, std::size_t i) { return latest_[owner * extent_.latest + i]; }
  [[nodiscard]] const Latest& latest(std::size_t owner, std::size_t i) const { return latest_[owner * extent_.latest + i]; }
  [[nodiscard]] Multiset& multiset(std::size_t owner, std::size_t i) { return multisets_[owner * extent_.multisets + i]; }
  [[nodiscard]] const Multiset& multiset(std::size_t owner, std::size_t i) const {
    return multisets_[owner * extent_.multisets + i];
  }
  [[nodiscard]] const Extent& extent() const { return extent_; }
  // Without the values in the multisets.
  [[nodiscard]] std::size_t bytes() const {
    return counts_.capacity() * sizeof(counts_.front()) + sums_.capacity() * sizeof(sums_.front()) + latest_.capacity() * sizeof(Latest) +
           multisets_.capacity() * sizeof(Multiset);
  }

 private:
  Extent extent_;
  std::vector<std::uint32_t> counts_;
  std::vector<base::Int128> sums_;
  std::vector<Latest> latest_;
  std::vector<Multiset> multisets_;
};

}  // namespace tamroi::scoring
