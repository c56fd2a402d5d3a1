#include "scenarios/pure_world.h"

#include <algorithm>

#include <fmt/format.h>

#include "answer/answer.h"
#include "disk/bundle_folder.h"
#include "reporting/system_records.h"

namespace tamroi::scenarios {
namespace {

namespace json = boost::json;

Reply problem(int status, base::Code code, const std::string& where, const std::string& why) {
  return {status, json::serialize(json::object{{"status", status}, {"problems", answer::problems({{code, where, why}})}})};
}

Reply refusal(const reporting::Refused& refused) {
  return {refused.status, json::serialize(json::object{{"status", refused.status}, {"problems", answer::problems(refused.problems)}})};
}

event::Record record(event::Kind kind, const base::Uuid& id, const Actor& actor, const std::string& body, base::Instant at) {
  return {kind, id, at, {actor.account, actor.role, actor.unit}, body, 0, 0};
}

answer::View view(const Question& question) {
  return {.revision = static_cast<std::uint32_t>(question.revision.value_or(0))};
}

bool reused(const event::Outcome& outcome) {
  return !outcome.problems.empty() && outcome.problems.front().code == base::Code::IdReused;
}

}  // namespace

PureWorld::Province::Province(const std::string& code, std::shared_ptr<reporting::Plans> plans)
    : store([this](event::Offset offset) { return records.at(offset).body; }), fold(code, std::move(plans), store) {}

const event::Outcome& PureWorld::Province::append(event::Record record) {
  records.push_back(std::move(record));
  return outcomes.emplace_back(fold.step(records.back(), records.size() - 1));
}

PureWorld::PureWorld(std::shared_ptr<reporting::Plans> plans)
    : plans_(plans), control_fold_(plans, [this](event::Offset offset) { return controls_.at(offset).body; }) {}

PureWorld::Province& PureWorld::province(const std::string& code) {
  auto& province = provinces_[code];
  if (province == nullptr) {
    province = std::make_unique<Province>(code, plans_);
    for (const auto& numbered : control_fold_.numbered()) {
      province->append(reporting::copy_control(controls_[numbered.offset], numbered, numbered.recorded_at));
    }
  }
  return *province;
}

const event::Outcome& PureWorld::append_control(event::Record record) {
  const auto before = control_fold_.numbered().size();
  controls_.push_back(std::move(record));
  control_outcomes_.push_back(control_fold_.step(controls_.back(), controls_.size() - 1));
  if (control_fold_.numbered().size() > before) {
    const auto& numbered = control_fold_.numbered().back();
    for (auto& [code, province] : provinces_) {
      province->append(reporting::copy_control(controls_[numbered.offset], numbered, numbered.recorded_at));
    }
  }
  return control_outcomes_.back();
}

void PureWorld::publish(const std::filesystem::path& folder, base::Instant at) {
  const auto bundle = disk::read_bundle(folder);
  const auto compiled = plans_->compile(bundle);
  if (compiled.plan == nullptr) {
    std::string why = "the catalogue does not compile";
    for (const auto& finding : compiled.findings) why += fmt::format("\n{}:{}: {}", finding.file, finding.line, finding.why);
    throw std::runtime_error(why);
  }
  const auto& outcome = append_control(reporting::publish_catalogue(compiled.plan->round, bundle, at));
  if (outcome.verdict != event::Verdict::Rejected) return;
  throw std::runtime_error("the catalogue is rejected: " + outcome.problems.front().where + ": " + outcome.problems.front().why);
}

void PureWorld::advance(base::Instant to) {
  while (true) {
    const auto closings = reporting::due_closings(control_fold_, to);
    if (closings.empty()) return;
    for (const auto& closing : closings) append_control(closing);
  }
}

Reply PureWorld::submit(const std::string& body, const Actor& actor, base::Instant at) {
  const auto admitted = reporting::admit_submission(control_fold_.published(), {actor.account, actor.role, actor.unit}, body);
  if (!admitted) return refusal(admitted.error());
  auto& stream = province(event::to_string(admitted->stream));
  auto outcome = stream.append(record(event::Kind::Submission, admitted->id, actor, body, at));
  if (outcome.verdict == event::Verdict::Repeat) outcome = stream.outcomes.at(outcome.repeat_of->offset);
  const int status = outcome.verdict == event::Verdict::Accepted ? 200 : reused(outcome) ? 409 : 422;
  return {status, json::serialize(answer::submission(answer::cause(stream.records.at(outcome.position.offset), outcome), outcome))};
}

Reply PureWorld::control(const std::string& body, const Actor& actor, base::Instant at) {
  const auto admitted = reporting::admit_control(control_fold_.published(), {actor.account, actor.role, actor.unit}, body);
  if (!admitted) return refusal(admitted.error());
  auto outcome = append_control(record(event::Kind::Control, admitted->id, actor, body, at));
  if (outcome.verdict == event::Verdict::Repeat) outcome = control_outcomes_.at(outcome.repeat_of->offset);
  json::object answer{{"id", admitted->id.to_string()},
                      {"verdict", outcome.verdict == event::Verdict::Accepted ? "accepted" : "rejected"},
                      {"problems", answer::problems(outcome.problems)}};
  if (outcome.control_number > 0) {
    answer["number"] = outcome.control_number;
    json::object positions;
    for (const auto& [code, province] : provinces_) positions[code] = province->fold.controls().at(outcome.control_number - 1);
    answer["positions"] = std::move(positions);
  }
  advance(at);
  return {outcome.verdict == event::Verdict::Accepted ? 200 : 422, json::serialize(answer)};
}

PureWorld::Found PureWorld::find(const std::string& unit, const std::string& round) {
  Found found;
  const auto* plan = control_fold_.published().plan(round);
  const auto* owner = plan == nullptr ? nullptr : plan->units.province_of(unit);
  if (owner == nullptr) {
    found.refusal = problem(404, base::Code::NotFound, "", "There is no such round or unit.");
    return found;
  }
  found.province = &province(owner->code);
  found.state = found.province->fold.round(round);
  if (found.state == nullptr || !found.state->opened) {
    found.refusal = problem(404, base::Code::RoundNotOpen, "", "The round is not open yet.");
    found.state = nullptr;
    return found;
  }
  found.unit = found.state->measures.unit_of(unit).value();
  return found;
}

// The provinces of a region, of TH, or a province itself; null where the round is not open.
answer::Provinces PureWorld::provinces_of(const catalogue::Plan& plan, const std::string& unit) {
  answer::Provinces provinces;
  for (const auto& other : plan.units.all()) {
    if (other.level != catalogue::Level::Province || !plan.units.within(other.code, unit)) continue;
    const auto* state = province(other.code).fold.round(plan.round);
    const bool open = state != nullptr && state->opened;
    provinces.push_back(open ? std::make_shared<answer::PublishedRound>(answer::published(*state)) : nullptr);
  }
  return provinces;
}

Reply PureWorld::results(const Question& question) {
  const auto* plan = control_fold_.published().plan(question.round);
  const auto* unit = plan == nullptr ? nullptr : plan->units.find(question.unit);
  if (unit != nullptr && unit->level < catalogue::Level::Province) {
    return {200, json::serialize(answer::merged_results(*plan, unit->code, provinces_of(*plan, unit->code)))};
  }
  const auto found = find(question.unit, question.round);
  if (found.state == nullptr) return found.refusal;
  return {200, json::serialize(answer::results(answer::published(*found.state), found.unit, view(question)))};
}

Reply PureWorld::indicator(const Question& question, int number) {
  const auto* plan = control_fold_.published().plan(question.round);
  const auto index = plan == nullptr ? catalogue::none : plan->indicator_index(static_cast<std::uint32_t>(number));
  if (index == catalogue::none) return problem(404, base::Code::NotFound, "", "The round has no such indicator.");
  const auto* unit = plan->units.find(question.unit);
  if (unit != nullptr && unit->level < catalogue::Level::Province) {
    return {200, json::serialize(answer::merged_result(*plan, index, provinces_of(*plan, unit->code)))};
  }
  const auto found = find(question.unit, question.round);
  if (found.state == nullptr) return found.refusal;
  auto named = view(question);
  named.lacking = [&](std::size_t of, catalogue::Index measure) { return scoring::lacking(found.state->measures, of, measure); };
  return {200, json::serialize(answer::result(answer::published(*found.state), found.unit, index, named))};
}

Reply PureWorld::levels(const Question& question, int number) {
  const auto* plan = control_fold_.published().plan(question.round);
  const auto index = plan == nullptr ? catalogue::none : plan->indicator_index(static_cast<std::uint32_t>(number));
  if (index == catalogue::none) return problem(404, base::Code::NotFound, "", "The round has no such indicator.");
  return {200, json::serialize(answer::levels(*plan, question.unit, index, provinces_of(*plan, question.unit)))};
}

Reply PureWorld::history(const std::string& unit, const std::string& round, int number) {
  const auto found = find(unit, round);
  if (found.state == nullptr) return found.refusal;
  json::array changes;
  for (std::size_t i = found.province->outcomes.size(); i-- > 0;) {
    const auto& outcome = found.province->outcomes[i];
    for (const auto& change : outcome.changes) {
      if (change.unit != unit || change.round != round || change.indicator != static_cast<std::uint32_t>(number)) continue;
      changes.push_back(answer::change(change, answer::cause(found.province->records[i], outcome)));
    }
  }
  return {200, json::serialize(json::object{{"changes", std::move(changes)}})};
}

Reply PureWorld::facts(const std::string& unit, const std::string& round) {
  const auto found = find(unit, round);
  if (found.state == nullptr) return found.refusal;
  json::array facts;
  for (const auto& version : found.province->store.versions(round)) {
    if (version.unit != unit) continue;
    json::object fact{{"fact", version.id.to_string()}, {"type", std::string(version.type)}, {"unit", std::string(version.unit)},
                      {"occurred_on", base::to_string(version.occurred_on)}, {"live", version.live}, {"late", version.late},
                      {"values", json::parse(json::string_view(version.values.data(), version.values.size()))}};
    const bool newer = !facts.empty() && facts.back().at("fact") == fact["fact"];
    if (newer) facts.pop_back();
    facts.push_back(std::move(fact));
  }
  return {200, json::serialize(json::object{{"facts", std::move(facts)}})};
}

bool PureWorld::is_number(std::string_view type, std::string_view field) {
  using catalogue::FieldKind;
  for (const auto& [round, plan] : control_fold_.published().plans) {
    const auto index = plan->fact_type(type);
    if (index == catalogue::none) continue;
    const auto& fields = plan->fact_types[index].fields;
    const auto found = std::ranges::find(fields, field, &catalogue::Field::name);
    if (found == fields.end()) continue;
    return found->kind == FieldKind::Integer || found->kind == FieldKind::Indicator || found->kind == FieldKind::Boolean;
  }
  return false;
}

}  // namespace tamroi::scenarios
