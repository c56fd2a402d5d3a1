#include "asof/country.h"

#include <stdexcept>

#include "base/check.h"
#include "reporting/door.h"
#include "reporting/system_records.h"
#include "support/files.h"

namespace tamroi::asof {
namespace {

event::Actor actor_of(const std::string& as) {
  const auto sign = as.find('@');
  return {as, as.substr(0, sign), as.substr(sign + 1)};
}

}  // namespace

Province::Province(const std::string& code_of, journal::Journal& journal, const std::shared_ptr<reporting::Plans>& plans)
    : code(code_of), stream(event::parse_stream(code_of).value()), store(projection::body_of(journal, stream)),
      folding(code_of, plans, store, [](event::Offset) { return std::nullopt; }) {}

const reporting::RoundState* Province::round() const {
  const auto& rounds = folding.fold().rounds();
  const auto* round = rounds.empty() ? nullptr : rounds.begin()->second.get();
  return round != nullptr && round->opened ? round : nullptr;
}

Country::Country(const std::vector<sample::Line>& lines, std::uint64_t seed)
    : controls_(std::make_unique<reporting::ControlFold>(plans_, projection::body_of(*journal_, event::control_stream))), lines_(lines), chance_(seed) {
  append_control(reporting::publish_catalogue("2565-2", support::read_bundle_2565_2(), {lines.front().at.micros - 1}));
}

std::optional<base::Instant> Country::next_at() const {
  return next_ < lines_.size() ? std::optional(lines_[next_].at) : std::nullopt;
}

bool Country::step() {
  if (next_ == lines_.size()) return false;
  const auto& line = lines_[next_++];
  at_ = line.at;
  const auto actor = actor_of(line.as);
  const auto admitted = line.control ? reporting::admit_control(controls_->published(), actor, line.body)
                                     : reporting::admit_submission(controls_->published(), actor, line.body);
  if (!admitted) throw std::runtime_error("the door refuses " + line.body);
  const auto kind = line.control ? event::Kind::Control : event::Kind::Submission;
  const event::Record record{kind, admitted->id, line.at, actor, line.body, 0, 0};
  if (line.control) {
    append_control(record);
  } else {
    append(province(event::to_string(admitted->stream)), record);
  }
  publish_some();
  return true;
}

journal::Entry Country::append(event::Stream stream, base::Instant at, std::string bytes) {
  const auto offset = journal::append_and_wait(*journal_, {stream, {}, at, bytes});
  return {offset, at, std::move(bytes)};
}

void Country::append_control(const event::Record& record) {
  const auto entry = append(event::control_stream, record.received_at, event::encode(record));
  const auto known = controls_->numbered().size();
  auto outcome = controls_->step(record, entry.offset);
  auto concluded = projection::concluded_control(entry, record, std::move(outcome));
  append(event::ledger_stream, record.received_at, event::encode(event::LedgerEntry{concluded.folded.leaf, std::move(concluded.folded.outcome)}));
  for (const auto& unit : plan()->units.all()) {
    if (unit.level != catalogue::Level::Province || provinces_.contains(unit.code)) continue;
    provinces_.emplace(unit.code, std::make_unique<Province>(unit.code, *journal_, plans_));
  }
  if (controls_->numbered().size() == known) return;
  for (const auto& [code, province] : provinces_) append(*province, reporting::copy_control(record, controls_->numbered().back(), record.received_at));
}

void Country::append(Province& province, const event::Record& record) {
  const auto entry = append(province.stream, record.received_at, event::encode(record));
  auto step = province.folding.step(entry);
  CHECK(step.has_value());
  province.unpublished.push_back({step->folded.leaf, std::move(step->folded.outcome)});
}

void Country::publish_one(Province& province) {
  append(event::ledger_stream, at_, event::encode(province.unpublished.front()));
  province.unpublished.pop_front();
}

void Country::publish_some() {
  for (auto& [code, province] : provinces_) {
    if (!province->unpublished.empty() && chance_() % 8 == 0) publish_one(*province);
  }
}

void Country::publish(Province& province) {
  while (!province.unpublished.empty()) publish_one(province);
}

void Country::publish() {
  for (auto& [code, province] : provinces_) publish(*province);
}

}  // namespace tamroi::asof
