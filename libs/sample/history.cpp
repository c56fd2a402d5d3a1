#include "sample/history.h"

#include <algorithm>

namespace tamroi::sample {

History::History(std::shared_ptr<const Description> description, const catalogue::Units& units, const Wish& wish)
    : description_(std::move(description)), places_(roster(*description_, units, wish)) {
  std::uint64_t number = 0;
  for (const auto& control : description_->controls) order(control, key_of({wish.seed, ++number, 0xC0}));
  for (const auto& place : places_) {
    senders_.push_back(std::make_unique<Sender>(*description_, place, closings_, wish.seed));
    wait_for(senders_.size() - 1);
  }
}

void History::order(const Control& control, std::uint64_t key) {
  if (!control.each_month) return add(control, control.at, nullptr, key);
  for (const auto& month : description_->months) {
    const base::Date day{month.last.days + control.days_after};
    const auto at = base::bangkok_time(day, control.minutes / 60, control.minutes % 60);
    if (control.closes) closings_.push_back(at);
    add(control, at, &month, key_of({key, static_cast<std::uint64_t>(day.days)}));
  }
}

void History::add(const Control& control, base::Instant at, const Month* month, std::uint64_t key) {
  Scene scene{.description = description_.get()};
  if (month != nullptr) scene.month = month->name;
  Chance chance(key);
  Line line{.at = at, .as = control.as, .control = true, .body = R"({"id":")"};
  write_uuid(chance.next(), at, line.body);
  line.body += R"(",)";
  std::string rest;
  (void)write(control.body, scene, chance, rest);
  line.body += rest.substr(1);
  controls_.insert(std::ranges::upper_bound(controls_, line.at, {}, &Line::at), std::move(line));
}

void History::wait_for(std::size_t sender) {
  if (const auto at = senders_[sender]->next_at()) {
    moments_.push({*at, sender});
  } else {
    senders_[sender].reset();
  }
}

std::optional<Line> History::next() {
  const bool controls_left = next_control_ < controls_.size();
  if (controls_left && (moments_.empty() || controls_[next_control_].at <= moments_.top().at)) {
    return controls_[next_control_++];
  }
  if (moments_.empty()) return std::nullopt;
  const auto sender = moments_.top().sender;
  moments_.pop();
  auto line = senders_[sender]->next();
  wait_for(sender);
  return line;
}

}  // namespace tamroi::sample
