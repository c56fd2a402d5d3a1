#pragma once

#include <cstdint>
#include <vector>

#include "sample/roster.h"

namespace tamroi::sample {

// When a unit sends.
class Sittings {
 public:
  Sittings(const Description& description, const Place& place, std::uint64_t seed);

  [[nodiscard]] std::size_t size() const { return at_.size(); }
  [[nodiscard]] base::Instant at(std::size_t sitting) const { return at_[sitting]; }
  [[nodiscard]] base::Date date(std::size_t sitting) const { return dates_[sitting]; }
  // The first that is not before the date; size() where none is.
  [[nodiscard]] std::size_t first_from(base::Date date) const;

 private:
  void add(const Appointment& appointment, base::Date date);

  std::int32_t step_;  // in minutes
  std::uint64_t key_;
  base::Date first_day_;
  std::vector<base::Instant> at_;
  std::vector<base::Date> dates_;
  std::vector<std::uint16_t> by_day_;  // the first from each day of the round on
};

}  // namespace tamroi::sample
