#include "simulation/province.h"

#include <algorithm>

#include "reporting/system_records.h"

namespace tamroi::simulation {

Province::Province(const std::string& code, std::shared_ptr<reporting::Plans> plans)
    : store_([this](event::Offset offset) { return records_.at(offset).body; }),
      fold_(code, plans, store_),
      control_fold_(plans, [this](event::Offset offset) { return controls_.at(offset).body; }) {}

const event::Outcome& Province::append(event::Record record) {
  records_.push_back(std::move(record));
  return outcomes_.emplace_back(fold_.step(records_.back(), records_.size() - 1));
}

const event::Outcome& Province::submit(const base::Uuid& id, std::string body, base::Instant at) {
  return append({event::Kind::Submission, id, at, {"someone", "district_officer", ""}, std::move(body), 0, 0});
}

event::Outcome Province::control(const boost::json::object& body, base::Instant at) {
  const auto id = base::Uuid::parse(std::string(body.at("id").as_string())).value();
  return control(
      {event::Kind::Control, id, at, {"someone", "ministry_officer", "TH"}, boost::json::serialize(body), 0, 0});
}

event::Outcome Province::control(event::Record record) {
  controls_.push_back(std::move(record));
  const auto before = control_fold_.numbered().size();
  const auto outcome = control_fold_.step(controls_.back(), controls_.size() - 1);
  if (control_fold_.numbered().size() > before) {
    const auto& numbered = control_fold_.numbered().back();
    waiting_.push_back(reporting::copy_control(controls_.back(), numbered, numbered.recorded_at));
  }
  return outcome;
}

const event::Outcome& Province::apply_copy(base::Instant at) {
  auto copy = std::move(waiting_.front());
  waiting_.pop_front();
  copy.received_at = std::max(copy.received_at, at);
  return append(std::move(copy));
}

}  // namespace tamroi::simulation
