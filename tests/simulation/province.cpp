#include "simulation/province.h"

#include <algorithm>

#include "reporting/system_records.h"
#include "simulation/mismatch.h"

namespace tamroi::simulation {

Province::Province(const std::string& code, std::shared_ptr<reporting::Plans> plans, const Kept* kept)
    : kept_(kept),
      store_([this](event::Offset offset) { return body(records_, &Kept::province, offset); }),
      fold_(code, plans, store_),
      control_fold_(plans, [this](event::Offset offset) { return body(controls_, &Kept::controls, offset); }) {}

event::Record Province::through_journal(event::Record record, event::Stream stream, event::Offset offset) const {
  auto bytes = event::encode(record);
  const auto at = journal::append_and_wait(kept_->journal, {stream, record.id, record.received_at, bytes});
  require(at == offset, "record {} was appended at {}", offset, at);
  const auto read = kept_->journal.read(stream, offset, 1, 0);
  require(read.size() == 1 && read.front().offset == offset && read.front().bytes == bytes, "record {} is another when it is read", offset);
  return event::decode_record(read.front().bytes).value();
}

std::string Province::body(const std::vector<event::Record>& records, event::Stream Kept::* stream, event::Offset offset) const {
  if (kept_ == nullptr) return records.at(offset).body;
  return event::decode_record(kept_->journal.read(kept_->*stream, offset, 1, 0).at(0).bytes).value().body;
}

const event::Outcome& Province::append(event::Record record) {
  if (kept_ != nullptr) record = through_journal(std::move(record), kept_->province, records_.size());
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
  if (kept_ != nullptr) record = through_journal(std::move(record), kept_->controls, controls_.size());
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
