#include "reporting/province_fold.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/check.h"
#include "reporting/control_body.h"
#include "reporting/fold_ended.h"

namespace tamroi::reporting {
namespace {

using base::Code;
using base::JsonValue;
using catalogue::Index;
using Type = JsonValue::Type;

bool same_id(JsonValue a, JsonValue b) {
  if (!a.is(Type::String) || !b.is(Type::String)) return base::equal(a, b);
  const auto left = base::Uuid::parse(a.text());
  const auto right = base::Uuid::parse(b.text());
  return left && right ? left == right : a.text() == b.text();
}

// As base::equal, but for the member `id_name` of an object, which is compared as an id, and for `left_out`.
bool same_object(JsonValue a, JsonValue b, std::string_view id_name, std::optional<std::string_view> left_out = {}) {
  if (!a.is(Type::Object) || !b.is(Type::Object)) return base::equal(a, b);
  if (a.size() != b.size()) return false;
  const base::Members others(b);
  for (auto value = a.first(); value; value = value.next()) {
    const auto other = others.find(value.key());
    if (!other) return false;
    if (value.key() == id_name ? !same_id(value, other) : value.key() != left_out && !base::equal(value, other)) return false;
  }
  return true;
}

bool same_entries(JsonValue a, JsonValue b) {
  if (!a.is(Type::Array) || !b.is(Type::Array)) return base::equal(a, b);
  if (a.size() != b.size()) return false;
  for (a = a.first(), b = b.first(); a; a = a.next(), b = b.next()) {
    if (!same_object(a, b, "fact")) return false;
  }
  return true;
}

scoring::Fact as_fact(Index type, std::size_t unit, const FactVersion& version, std::span<const scoring::FieldValue> values) {
  return {type, unit, version.occurred_on, version.recorded, values};
}

bool differs(const scoring::Snapshot& before, const scoring::Snapshot& after) {
  if (before.standing != after.standing) return true;
  return !std::ranges::equal(before.values, after.values, [](const auto& a, const auto& b) {
    return a.form == b.form && a.numerator == b.numerator && a.denominator == b.denominator;
  });
}

}  // namespace

bool same_body(JsonValue a, JsonValue b) {
  if (!same_object(a, b, "id", "entries")) return false;
  const auto entries = a.member("entries");
  const auto others = b.member("entries");
  if (!entries || !others) return !entries && !others;
  return same_entries(entries, others);
}

ProvinceFold::ProvinceFold(std::string province, std::shared_ptr<Plans> plans, Store& store)
    : province_(std::move(province)), stream_(event::parse_stream(province_).value()), plans_(std::move(plans)), store_(store) {}

ProvinceFold::ProvinceFold(const ProvinceFold& other, Store& store)
    : province_(other.province_), stream_(other.stream_), plans_(other.plans_), store_(store), recorded_at_(other.recorded_at_),
      controls_(other.controls_), facts_(other.facts_), counted_(other.counted_) {
  for (const auto& [name, state] : other.rounds_) rounds_.emplace(name, std::make_unique<RoundState>(*state));
}

std::size_t ProvinceFold::bytes() const {
  std::size_t bytes = sizeof(ProvinceFold) + controls_.capacity() * sizeof(controls_.front());
  for (const auto& [name, state] : rounds_) bytes += state->measures.bytes();
  return bytes;
}

const RoundState* ProvinceFold::round(std::string_view round) const {
  const auto found = rounds_.find(round);
  return found == rounds_.end() ? nullptr : found->second.get();
}

event::Outcome ProvinceFold::step(const event::Record& record, event::Offset offset) {
  event::Outcome outcome;
  outcome.position = {stream_, offset};
  outcome.recorded_at = std::max(recorded_at_, record.received_at);
  outcome.fold_version = fold_version;
  switch (record.kind) {
    case event::Kind::Submission: submission(record, outcome); break;
    case event::Kind::ControlCopy: control(record, outcome); break;
    default: throw base::Defect(fmt::format("a record of kind {} stands in a province's stream", static_cast<int>(record.kind)));
  }
  recorded_at_ = outcome.recorded_at;
  return outcome;
}

event::Outcome ProvinceFold::pass(event::Offset offset) {
  event::Outcome outcome;
  outcome.position = {stream_, offset};
  outcome.recorded_at = recorded_at_;
  outcome.fold_version = std::min(counted_, fold_version);
  outcome.verdict = event::Verdict::Quarantined;
  return outcome;
}

void ProvinceFold::submission(const event::Record& record, event::Outcome& outcome) {
  const auto admitted = read_submission(document_, record.body);
  if (!admitted) throw base::Defect("undecodable submission: " + admitted.error());
  outcome.round = admitted->round;
  outcome.unit = admitted->unit;
  const auto reject = [&](std::vector<base::Problem> problems) {
    outcome.verdict = event::Verdict::Rejected;
    set_problems(outcome, std::move(problems));
  };
  const auto body = document_.root();
  if (const auto first = store_.first_of(record.id)) {
    const auto earlier = store_.body(*first);
    base::Json other;
    const auto parsed = other.parse(earlier);
    CHECK(parsed.has_value());
    if (!same_body(body, *parsed)) {
      return reject({{Code::IdReused, "/id", fmt::format("This id was used with another body at {}:{}.", province_, *first)}});
    }
    outcome.verdict = event::Verdict::Repeat;
    outcome.repeat_of = event::Position{stream_, *first};
    return;
  }
  const auto found = rounds_.find(admitted->round);
  if (found == rounds_.end()) {
    store_.put_first(record.id, outcome.position.offset);
    return reject({{Code::UnknownRound, "/round", "No catalogue of this round was published."}});
  }
  auto& state = *found->second;
  const auto* province = state.plan().units.province_of(admitted->unit);
  if (province == nullptr || province->code != province_) throw base::Defect("a submission of a unit of another stream");
  auto decision = decide(state, store_, body, outcome.position.offset, outcome.recorded_at, facts_);
  store_.put_first(record.id, outcome.position.offset);
  if (!decision.problems.empty()) {
    outcome.version = version_of(state, admitted->unit);
    return reject(std::move(decision.problems));
  }
  apply(state, decision);
  outcome.version = ++state.versions[admitted->unit];
  outcome.verdict = event::Verdict::Accepted;
  conclude(state, outcome);
}

void ProvinceFold::apply(RoundState& state, const Decision& decision) {
  for (const auto& [type, before, after, before_values, after_values] : decision.effects) {
    const auto values = [&](std::size_t first) {
      return std::span(decision.values).subspan(first, state.plan().fact_types[type].fields.size());
    };
    if (before) {
      state.measures.remove(as_fact(type, decision.unit, *before, values(before_values)), before->id, store_);
    } else {
      CHECK(after.number == facts_);
      ++facts_;
    }
    if (after.live) state.measures.add(as_fact(type, decision.unit, after, values(after_values)), after.id, store_);
    store_.put(state.plan().round, after);
  }
}

void ProvinceFold::conclude(RoundState& state, event::Outcome& outcome) {
  const auto& plan = state.plan();
  for (auto& moved : state.measures.publish()) {
    const auto& unit = state.measures.unit_code(moved.unit);
    auto row = scoring::to_row(plan, moved.indicator, unit, moved.after);
    auto& last = state.last_change[{moved.unit, moved.indicator}];
    row.changed = differs(moved.before, moved.after);
    if (row.changed) {
      last = outcome.position;
      event::Change change{plan.round, unit, row.indicator, moved.before.standing, moved.after.standing, {}, row.revision};
      const auto& measures = plan.indicators[moved.indicator].measures;
      for (std::size_t i = 0; i < measures.size(); ++i) {
        auto before = scoring::figure(plan, measures[i], moved.before.values[i]);
        auto after = scoring::figure(plan, measures[i], moved.after.values[i]);
        if (!before.same_value(after)) change.measures.emplace_back(std::move(before), std::move(after));
      }
      outcome.changes.push_back(std::move(change));
    }
    if (last.stream == stream_) row.last_change = last;
    outcome.rows.push_back(std::move(row));
  }
}

void ProvinceFold::control(const event::Record& record, event::Outcome& outcome) {
  outcome.control_number = record.number;
  if (record.number != controls_.size() + 1) {
    outcome.verdict = event::Verdict::Skipped;
    if (!document_.parse(record.body)) document_ = {};
    return;
  }
  const auto admitted = read_control(document_, record.body);
  if (!admitted) throw base::Defect("undecodable control copy: " + admitted.error());
  Problems problems;
  const auto type = parse_control_type(admitted->type);
  CHECK(type.has_value());
  const auto body = read_control_body(*type, document_.root(), problems);
  CHECK(problems.empty());
  if (body.fold_version.value_or(0) > fold_version) {
    throw FoldEnded(fmt::format("from control {} on version {} of the fold counts, and this program has version {}: start a program that has it",
                                record.number, *body.fold_version, fold_version));
  }
  outcome.verdict = event::Verdict::Applied;
  outcome.round = admitted->round;
  outcome.unit = body.unit.value_or("");
  controls_.push_back(outcome.position.offset);
  if (*type == ControlType::CataloguePublished) return publish_catalogue(*body.files, outcome);
  counted_ = std::max(counted_, body.fold_version.value_or(0));
  if (!body.round) return;
  const auto found = rounds_.find(*body.round);
  CHECK(found != rounds_.end());
  auto& state = *found->second;
  const auto& plan = state.plan();
  const bool here = *body.unit == "TH" || *body.unit == province_;
  auto& measures = state.measures;
  switch (*type) {
    case ControlType::RoundOpened:
      state.opened = true;
      measures.set_revision(*body.revision);
      break;
    case ControlType::PeriodClosed: {
      const auto month = std::ranges::find(plan.months, *body.month, &catalogue::Period::name);
      const auto months = static_cast<std::uint32_t>(month - plan.months.begin()) + 1;
      if (here && months > measures.closed_months()) measures.close_months(months);
      break;
    }
    case ControlType::CriteriaRevised:
      if (here && *body.revision > measures.revision()) measures.set_revision(*body.revision);
      break;
    case ControlType::TargetSet: {
      const auto unit = measures.unit_of(*body.unit);
      const auto measure = plan.measure(*body.indicator, *body.measure);
      CHECK(measure != catalogue::none);
      if (unit) measures.set_target(*unit, measure, *body.value);
      break;
    }
    case ControlType::RoundClosed: state.closed = state.closed || here; break;
    default: break;
  }
  conclude(state, outcome);
}

// A later catalogue may add measures over facts that are there: everything is added again under the new plan.
void ProvinceFold::publish_catalogue(const catalogue::Bundle& files, event::Outcome& outcome) {
  const auto plan = plans_->compile(files).plan;
  CHECK(plan != nullptr);
  auto& slot = rounds_[plan->round];
  if (slot == nullptr) {
    slot = std::make_unique<RoundState>(plan, province_);
    slot->number = static_cast<std::uint16_t>(rounds_.size() - 1);
    slot->catalogue = outcome.position.offset;
    return;
  }
  auto next = std::make_unique<RoundState>(plan, province_);
  next->number = slot->number;
  next->catalogue = outcome.position.offset;
  next->opened = slot->opened;
  next->closed = slot->closed;
  next->versions = slot->versions;
  next->measures.take_over(slot->measures, [&](const scoring::ProvinceRound::Replay& add) {
    store_.for_each_live(plan->round, [&](const FactVersion& fact) {
      base::Json document;
      const auto values = document.parse(fact.values);
      CHECK(values.has_value());
      const auto type = plan->fact_type(fact.type);
      const auto decoded = decode_values(*plan, plan->fact_types[type], *values);
      add(as_fact(type, next->measures.unit_of(fact.unit).value(), fact, decoded), fact.id);
    });
  }, store_);
  for (const auto& [key, position] : slot->last_change) {
    const auto indicator = plan->indicator_index(slot->plan().indicators[key.second].number);
    next->last_change[{key.first, indicator}] = position;
  }
  slot = std::move(next);
  if (slot->opened) conclude(*slot, outcome);
}

}  // namespace tamroi::reporting
