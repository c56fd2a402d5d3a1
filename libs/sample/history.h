#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <queue>
#include <vector>

#include "sample/sender.h"

namespace tamroi::sample {

// A simulated half-year, line by line in the order of time: what the ministry orders, and what the units send. The
// same description, units and wish give the same lines.
//
// Limits: needs memory for the units and what those of one moment are sending, whatever the number of facts.
class History {
 public:
  // Errors: throws std::invalid_argument, with a sentence, where the wish names what is no province.
  History(std::shared_ptr<const Description> description, const catalogue::Units& units, const Wish& wish);

  // Nothing once it has ended.
  [[nodiscard]] std::optional<Line> next();

  [[nodiscard]] const std::vector<Place>& places() const { return places_; }

 private:
  struct Moment {
    base::Instant at;
    std::size_t sender;
    auto operator<=>(const Moment&) const = default;
  };
  void order(const Control& control, std::uint64_t key);
  void add(const Control& control, base::Instant at, const Month* month, std::uint64_t key);
  void wait_for(std::size_t sender);

  std::shared_ptr<const Description> description_;
  std::vector<Place> places_;
  std::vector<Line> controls_;  // in the order of time
  std::size_t next_control_ = 0;
  std::vector<base::Instant> closings_;
  std::vector<std::unique_ptr<Sender>> senders_;
  std::priority_queue<Moment, std::vector<Moment>, std::greater<>> moments_;
};

}  // namespace tamroi::sample
