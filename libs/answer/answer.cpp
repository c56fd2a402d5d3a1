#include "answer/answer.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "base/check.h"
#include "base/json.h"
#include "scoring/ladder.h"

namespace tamroi::answer {
namespace {

using base::Int128;
using catalogue::Index;
using event::Figure;

// A JSON number where it is exact in every reader's integers, otherwise it is a Defect: sums of money stay far below.
json::value number(Int128 value) {
  CHECK(value <= INT64_MAX && value >= INT64_MIN);
  return static_cast<std::int64_t>(value);
}

json::object standing(const event::Standing& standing) {
  return {{"level", standing.level}, {"evidenced_level", standing.evidenced_level}, {"score", score(standing.score)}};
}

json::object lacks(const scoring::Lacking& lacking) {
  json::array first;
  for (const auto& lack : lacking.first) {
    json::object one{{"unit", lack.unit}};
    if (!lack.entity.empty()) one["entity"] = lack.entity;
    if (!lack.period.empty()) one["period"] = lack.period;
    one["actual"] = lack.actual;
    first.push_back(std::move(one));
  }
  return {{"total", lacking.total}, {"first", std::move(first)}};
}

std::uint32_t revision_of(const PublishedRound& round, const View& view) {
  return view.revision == 0 ? round.revision : view.revision;
}

json::object criterion_of(const PublishedRound& round, std::size_t unit, const scoring::Judged& said, const View& view) {
  json::object criterion{{"measure", said.measure == catalogue::none ? "judgement" : round.plan->measures[said.measure].name},
                         {"needs", said.needs}, {"actual", said.actual}, {"met", said.met}, {"source", said.source}};
  if (view.lacking && !said.met && said.measure != catalogue::none) {
    const auto lacking = view.lacking(unit, said.measure);
    if (lacking.total > 0) criterion["lacks"] = lacks(lacking);
  }
  return criterion;
}

// The levels of a result: of a team indicator's district, its province's.
json::array levels(const PublishedRound& round, std::size_t unit, Index indicator, const View& view) {
  json::array levels;
  const auto explained = scoring::explain(*round.plan, indicator, revision_of(round, view), round.of(unit, indicator), round.of(0, indicator));
  for (const auto& level : explained) {
    json::array criteria;
    for (const auto& said : level.criteria) criteria.push_back(criterion_of(round, unit, said, view));
    json::array evidence;
    for (const auto& [requirement, present] : level.evidence) evidence.push_back({{"requirement", requirement}, {"present", present}});
    levels.push_back({{"level", level.level}, {"counts", level.counts}, {"criteria", std::move(criteria)}, {"evidence", std::move(evidence)}});
  }
  return levels;
}

std::string_view word(event::Verdict verdict) {
  switch (verdict) {
    case event::Verdict::Accepted: return "accepted";
    case event::Verdict::Rejected: return "rejected";
    case event::Verdict::Repeat: return "repeat";
    case event::Verdict::Quarantined: return "quarantined";
    case event::Verdict::Applied: return "applied";
    case event::Verdict::Skipped: break;
  }
  return "skipped";
}

json::array changes(const Cause& cause, const event::Outcome& outcome) {
  json::array changes;
  for (const auto& one : outcome.changes) changes.push_back(change(one, cause));
  return changes;
}

std::string verdict(const event::Outcome& outcome) {
  switch (outcome.verdict) {
    case event::Verdict::Rejected: return "rejected";
    case event::Verdict::Quarantined: return "quarantined";
    default: return "accepted";
  }
}

}  // namespace

event::Standing standing_of(const PublishedRound& round, std::size_t unit, Index indicator, const View& view) {
  const auto revision = revision_of(round, view);
  if (revision == round.revision) return round.of(unit, indicator).standing;
  const auto from = round.plan->indicators[indicator].team ? 0 : unit;
  return scoring::stand(*round.plan, indicator, revision, round.of(from, indicator), round.of(0, indicator));
}

std::string weight(std::int64_t hundredths) {
  auto text = fmt::format("{}.{:02}", hundredths / 100, hundredths % 100);
  while (text.back() == '0') text.pop_back();
  if (text.back() == '.') text.pop_back();
  return text;
}

std::string score(std::int64_t ten_thousandths) { return base::two_decimals({ten_thousandths, 10'000}); }

json::object position(const event::Position& position) {
  return {{"stream", event::to_string(position.stream)}, {"offset", position.offset}};
}

json::object actor(const event::Actor& actor) {
  return {{"account", actor.account}, {"role", actor.role}, {"unit", actor.unit}};
}

json::array problems(const std::vector<base::Problem>& problems) {
  json::array all;
  for (const auto& problem : problems) {
    all.push_back({{"code", base::to_string(problem.code)}, {"where", problem.where}, {"why", problem.why}});
  }
  return all;
}

json::object figure(const Figure& figure) {
  switch (figure.form) {
    case Figure::Form::Count: return {{"value", base::to_string(figure.numerator)}};
    case Figure::Form::Share: return {{"numerator", number(figure.numerator)}, {"denominator", number(figure.denominator)}};
    case Figure::Form::Undefined: break;
  }
  return {{"undefined", figure.reason}};
}

Cause cause(const event::Record& record, const event::Outcome& outcome) {
  Cause cause{outcome.position, record.id, record.kind != event::Kind::Submission, record.actor, {}, {}, outcome.recorded_at};
  base::Json document;
  if (const auto body = document.parse(record.body)) {
    if (const auto reason = body->member("reason")) cause.reason = reason.raw();
    if (const auto letter = body->member("letter")) cause.letter = letter.raw();
  }
  return cause;
}

json::object change(const event::Change& change, const Cause& cause) {
  json::object measures;
  for (const auto& [before, after] : change.measures) {
    measures[after.measure] = json::object{{"before", figure(before)}, {"after", figure(after)}};
  }
  json::object caused{{"position", position(cause.position)}, {"id", cause.id.to_string()}, {"kind", cause.control ? "control" : "submission"},
                      {"actor", actor(cause.actor)}};
  if (!cause.reason.empty()) caused["reason"] = json::parse(cause.reason);
  if (!cause.letter.empty()) caused["letter"] = json::parse(cause.letter);
  caused["recorded_at"] = base::to_string(cause.recorded_at);
  return {{"unit", change.unit}, {"round", change.round}, {"indicator", change.indicator}, {"before", standing(change.before)},
          {"after", standing(change.after)}, {"measures", std::move(measures)}, {"revision", change.revision}, {"cause", std::move(caused)}};
}

json::object outcome(const Cause& cause, const event::Outcome& outcome) {
  json::object told{{"verdict", word(outcome.verdict)}, {"recorded_at", base::to_string(outcome.recorded_at)}, {"fold_version", outcome.fold_version}};
  if (outcome.repeat_of) told["repeat_of"] = position(*outcome.repeat_of);
  if (outcome.control_number > 0) told["number"] = outcome.control_number;
  if (!outcome.unit.empty()) told["unit"] = outcome.unit;
  if (!outcome.round.empty()) told["round"] = outcome.round;
  told["problems"] = problems(outcome.problems);
  told["problems_total"] = outcome.problems_total;
  told["changes"] = changes(cause, outcome);
  return told;
}

json::object submission(const Cause& cause, const event::Outcome& outcome) {
  return {{"id", cause.id.to_string()}, {"unit", outcome.unit}, {"round", outcome.round}, {"position", position(outcome.position)},
          {"recorded_at", base::to_string(outcome.recorded_at)}, {"actor", actor(cause.actor)}, {"verdict", verdict(outcome)},
          {"problems", problems(outcome.problems)}, {"problems_total", outcome.problems_total}, {"changes", changes(cause, outcome)}};
}

json::object result(const PublishedRound& round, std::size_t unit, Index indicator, const View& view) {
  const auto& plan = *round.plan;
  const auto& own = round.of(unit, indicator);
  const auto& about = plan.indicators[indicator];
  const auto standing = standing_of(round, unit, indicator, view);
  const bool credited = about.team && unit != 0;
  json::object result{{"indicator", about.number}, {"level", standing.level}, {"evidenced_level", standing.evidenced_level},
                      {"weight", weight(about.weight_hundredths)}, {"score", score(standing.score)}, {"revision", revision_of(round, view)}};
  if (credited) result["credited_from"] = round.units[0].code;
  json::object measures;
  for (std::size_t i = 0; i < about.measures.size(); ++i) {
    measures[plan.measures[about.measures[i]].name] = figure(figure_of(round, unit, indicator, i));
  }
  result["measures"] = std::move(measures);
  const auto points = scoring::points(plan, indicator, revision_of(round, view), own, round.of(0, indicator));
  if (points) result["points"] = json::object{{"value", points->value}, {"of", points->of}};
  result["levels"] = levels(round, credited ? 0 : unit, indicator, view);
  if (const auto& last = round.units.at(unit).indicators.at(indicator).last_change) result["last_change"] = position(*last);
  return result;
}

json::object fact_types(const catalogue::Plan& plan, Index indicator) {
  json::object types;
  for (const auto measure : plan.indicators[indicator].measures) {
    std::set<std::string> counted;
    for (const auto term : plan.measures[measure].terms) counted.insert(plan.fact_types[plan.terms[term].fact].name);
    // What is registered is what a share is of.
    const auto wanted = plan.measures[measure].domain.entity_register;
    for (const auto& type : plan.fact_types) {
      const bool registers = type.registers != catalogue::none && type.fields[type.registers].entity_register == wanted;
      if (registers) counted.insert(type.name);
    }
    types[plan.measures[measure].name] = json::array(counted.begin(), counted.end());
  }
  return types;
}

json::object results(const PublishedRound& round, std::size_t unit, const View& view) {
  const auto& plan = *round.plan;
  json::array indicators;
  std::int64_t total = 0;
  std::int64_t of = 0;
  for (Index i = 0; i < plan.indicators.size(); ++i) {
    indicators.push_back(result(round, unit, i, {.revision = view.revision}));
    total += standing_of(round, unit, i, view).score;
    of += plan.indicators[i].weight_hundredths;
  }
  const auto& about = round.units.at(unit);
  return {{"unit", about.code}, {"round", plan.round}, {"revision", revision_of(round, view)}, {"version", about.version},
          {"score", json::object{{"value", score(total)}, {"of", weight(of)}}}, {"indicators", std::move(indicators)}};
}

}  // namespace tamroi::answer
