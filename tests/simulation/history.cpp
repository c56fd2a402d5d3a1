#include "simulation/history.h"

#include <algorithm>

#include "reporting/system_records.h"
#include "simulation/mismatch.h"
#include "simulation/rewriting.h"

namespace tamroi::simulation {

namespace json = boost::json;
using base::Code;
using event::Verdict;

namespace {

constexpr std::int64_t day_micros = 86'400'000'000;

base::Uuid id_of(const json::object& body) { return base::Uuid::parse(std::string(body.at("id").as_string())).value(); }

void require_verdict(const event::Outcome& outcome, const std::vector<Expected>& problems) {
  std::vector<Expected> found;
  for (const auto& problem : outcome.problems) found.push_back({problem.code, problem.where});
  std::ranges::sort(found);
  const auto shown = [](const std::vector<Expected>& all) {
    std::string text;
    for (const auto& [code, where] : all) text += fmt::format(" {} at {};", base::to_string(code), where);
    return text;
  };
  require(found == problems, "found are{} expected{}", shown(found), shown(problems));
}

}  // namespace

History::History(const World& world, std::uint64_t seed, Totals& totals, const Kept* kept)
    : world_(world),
      totals_(totals),
      chance_(seed),
      plan_(world.plan),
      province_(world.province, world.plans, kept),
      author_(*plan_, chance_),
      office_(*plan_, world.province, chance_),
      reader_(*plan_, world.province),
      day_(plan_->first_day) {
  model_.province = world.province;
}

base::Instant History::now() {
  const auto midnight = base::bangkok_time(day_, 0, 0);
  const auto lot = chance_.below(10);
  const auto micros = lot == 0 ? 0 : lot == 1 ? day_micros - 1 : chance_.between(0, day_micros - 1);
  // Clocks of gateways differ: a stamp may lie before the one before it.
  return {midnight.micros + micros - (chance_.percent(10) ? chance_.between(0, day_micros) : 0)};
}

void History::advance(base::Instant at) { model_.recorded_at = std::max(model_.recorded_at, at); }

const event::Outcome& History::note(const event::Outcome& outcome, const std::vector<Expected>& problems) {
  require_verdict(outcome, problems);
  require(outcome.recorded_at == model_.recorded_at, "it was recorded at another time");
  require(outcome.position.offset + 1 == province_.records().size(), "its position is another");
  reader_.read(outcome);
  ++totals_.records;
  totals_.changes += outcome.changes.size();
  ++totals_.verdicts[outcome.verdict];
  for (const auto& problem : outcome.problems) ++totals_.problems[problem.code];
  return outcome;
}

void History::publish(const catalogue::Bundle& files) {
  const auto at = std::max(now(), province_.control_recorded_at());
  const auto outcome = province_.control(reporting::publish_catalogue(plan_->round, files, at));
  require_verdict(outcome, {});
  effects_.emplace_back([this, &files](Model&) {
    if (&files != &world_.later_files) return;
    plan_ = world_.later_plan;
    author_.use(*plan_);
    reader_.use(*plan_);
  });
}

void History::apply_copies() {
  while (province_.waiting() > 0) {
    const auto at = now();
    const auto expected = std::max(province_.control_recorded_at(), at);
    const auto& outcome = province_.apply_copy(expected);
    advance(expected);
    effects_.front()(model_);
    effects_.pop_front();
    note(outcome, {});
    require(outcome.verdict == Verdict::Applied, "a copy was not applied");
  }
}

base::Date History::judged_on(base::Instant at) const {
  return base::bangkok_date(std::max(province_.control_recorded_at(), at));
}

void History::control(base::Instant at, ControlDraft draft) {
  const auto outcome = province_.control(draft.body, at);
  require_verdict(outcome, draft.problems);
  for (const auto& problem : outcome.problems) ++totals_.problems[problem.code];
  if (draft.problems.empty()) effects_.push_back(std::move(draft.effect));
  controls_.push_back({std::move(draft.body), outcome.position.offset});
}

void History::repeat_a_control() {
  if (controls_.empty()) return;
  const auto& sent = chance_.of(controls_);
  const bool same = chance_.percent(60);
  auto body = sent.body;
  if (!same) body["reason"] = "Another reason";
  const auto outcome = province_.control(
      {event::Kind::Control, id_of(body), now(), {"other", "ministry_officer", "TH"}, rewritten(body, chance_), 0, 0});
  if (same) {
    require(
        outcome.verdict == Verdict::Repeat && outcome.repeat_of == event::Position{event::control_stream, sent.offset},
        "a control is no repeat");
  } else {
    require_verdict(outcome, {{Code::IdReused, "/id"}});
  }
}

void History::open() {
  if (chance_.percent(20)) {
    const auto at = now();
    control(at, office_.any(judged_on(at)));
  }
  for (auto before = chance_.below(3); before > 0; --before) submit();
  apply_copies();
  // A reason may be missing; then it is tried again.
  while (!model_.opened) {
    control(now(), office_.opening());
    apply_copies();
  }
}

void History::pass_time() {
  day_.days += static_cast<std::int32_t>(chance_.below(static_cast<std::size_t>(2 * days_per_step_ + 1)));
}

std::string History::some_unit() {
  const auto& province = *plan_->units.find(model_.province);
  const auto place = chance_.below(2 * province.children.size() + 1);
  if (place == 0) return province.code;
  return plan_->units.at(province.children[(place - 1) / 2]).code;
}

void History::submit(const Draft& draft) {
  const auto id = id_of(draft.body);
  const auto at = model_.recorded_at;
  const auto offset = province_.records().size();
  const auto& outcome = province_.submit(id, json::serialize(draft.body), at);
  model_ = draft.after;
  note(outcome, draft.problems);
  require(outcome.verdict == (draft.problems.empty() ? Verdict::Accepted : Verdict::Rejected),
          "the verdict is another");
  const auto unit = std::string(draft.body.at("unit").as_string());
  require(outcome.unit == unit && outcome.version == (model_.versions.contains(unit) ? model_.versions.at(unit) : 0),
          "the version of {}", unit);
  submissions_.push_back({draft.body, offset});
}

void History::submit() {
  advance(now());
  author_.favour(chance_.percent(50));
  auto unit = some_unit();
  const bool strives = model_.opened && !model_.closed && chance_.percent(zeal_);
  const auto wishes = strives ? some_wishes(unit) : std::vector<Wish>{};
  submit(author_.submission(model_, unit, wishes, province_.records().size()));
}

// What brings a result further, rather that which this history strives for; of one unit, as submissions are.
std::vector<Wish> History::some_wishes(std::string& unit) {
  const bool own_goal = chance_.percent(80);
  const auto& goal = own_goal ? goal_ : unit;
  const auto indicator = own_goal ? plan_->indicator_index(goal_indicator_)
                                  : static_cast<catalogue::Index>(chance_.below(plan_->indicators.size()));
  const Twin twin(*plan_, model_.province, model_.live, model_.setting);
  const auto all = twin.wishes(goal, plan_->indicators[indicator], model_.setting.revision);
  std::vector<Wish> wishes;
  for (const auto& wish : all) {
    const auto& type = plan_->fact_types[wish.type];
    if (wishes.empty()) {
      unit = !wish.unit.empty() ? wish.unit : type.by_district ? some_unit() : model_.province;
      if (unit == model_.province && !type.by_province)
        unit = plan_->units.at(plan_->units.find(unit)->children.front()).code;
    }
    const bool fits = unit == model_.province ? type.by_province : type.by_district;
    if (!fits || (!wish.unit.empty() && wish.unit != unit)) continue;
    wishes.push_back(wish);
    wishes.back().unit = unit;
    if (wishes.size() == 15) break;
  }
  return wishes;
}

// A round that no catalogue has comes alone, whatever else is wrong; the id is used.
void History::submit_to_no_round() {
  advance(now());
  auto draft = author_.submission(model_, some_unit(), {}, province_.records().size());
  draft.body["round"] = "2599-1";
  const auto& outcome = province_.submit(id_of(draft.body), json::serialize(draft.body), model_.recorded_at);
  note(outcome, {{Code::UnknownRound, "/round"}});
  submissions_.push_back({draft.body, outcome.position.offset});
}

void History::repeat() {
  if (submissions_.empty()) return;
  const auto& sent = chance_.of(submissions_);
  const auto at = now();
  advance(at);
  const bool same = chance_.percent(65);
  auto body = sent.body;
  if (!same) body["expects"] = 77;
  const auto& outcome = province_.submit(id_of(body), rewritten(body, chance_), at);
  note(outcome, same ? std::vector<Expected>{} : std::vector<Expected>{{Code::IdReused, "/id"}});
  if (same) {
    require(outcome.verdict == Verdict::Repeat &&
                outcome.repeat_of == event::Position{outcome.position.stream, sent.offset},
            "it is no repeat");
  }
}

// A former steward's late write: its number is not the next.
void History::skip_a_copy() {
  std::vector<const event::Record*> copies;
  for (const auto& record : province_.records()) {
    if (record.kind == event::Kind::ControlCopy) copies.push_back(&record);
  }
  auto copy = *chance_.of(copies);
  if (chance_.percent(20)) copy.number += 100;
  copy.received_at = now();
  advance(copy.received_at);
  require(note(province_.append(copy), {}).verdict == Verdict::Skipped, "a copy was applied twice");
}

void History::step() {
  pass_time();
  const auto next = model_.setting.closed_months;
  if (next < plan_->months.size() && plan_->months[next].last < day_ && chance_.percent(haste_)) {
    const auto at = now();
    control(at, office_.closing_of_next_month(judged_on(at)));
  }
  const auto lot = chance_.below(100);
  if (lot < 66) {
    submit();
  } else if (lot < 75) {
    repeat();
  } else if (lot < 90) {
    const auto at = now();
    control(at, office_.any(judged_on(at)));
  } else if (lot < 93) {
    repeat_a_control();
  } else if (lot < 95) {
    skip_a_copy();
  } else if (lot < 97) {
    submit_to_no_round();
  } else if (plan_ == world_.plan && province_.waiting() == 0) {
    office_.use(*world_.later_plan);
    publish(world_.later_files);
    ++totals_.later_catalogues;
  }
  if (chance_.percent(70)) apply_copies();
}

void History::run(std::size_t steps) {
  const auto days = plan_->last_day.days - plan_->first_day.days + 20;
  days_per_step_ = std::max(1, days / static_cast<std::int32_t>(steps));
  goal_ = some_unit();
  goal_indicator_ = chance_.of(plan_->indicators).number;
  zeal_ = chance_.percent(50) ? 80 : 30;
  haste_ = chance_.percent(50) ? 50 : 3;
  publish(world_.files);
  apply_copies();
  open();
  for (std::size_t i = 0; i < steps; ++i) {
    step();
    if (chance_.percent(30)) require_agreement();
  }
  apply_copies();
  require_agreement();
}

void History::withdraw_everything() {
  advance(now());
  const auto& province = *plan_->units.find(model_.province);
  std::vector<std::string> units{province.code};
  for (const auto child : province.children) units.push_back(plan_->units.at(child).code);
  for (const auto& unit : units) {
    const auto draft = author_.withdrawal_of_all(model_, unit);
    if (!draft.body.at("entries").as_array().empty()) submit(draft);
  }
}

void History::require_agreement() {
  simulation::require_agreement(round(), province_.store(), model_, reader_, totals_.heights);
}

}  // namespace tamroi::simulation
