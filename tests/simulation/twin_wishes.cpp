// What would bring a unit further: from criteria that are not met back to facts. Random histories that never left
// level 1 would say little about the ladder.
#include <algorithm>

#include "simulation/twin.h"
#include "simulation/words.h"

namespace tamroi::simulation {

using catalogue::Having;
using catalogue::Index;
using catalogue::Measure;
using catalogue::none;

namespace {

void narrow(Wish& wish, base::Date from, base::Date to) {
  if (wish.days) {
    from = std::max(from, wish.days->first);
    to = std::min(to, wish.days->second);
  }
  wish.days = {from, to};
}

void add_conditions(const catalogue::Plan& plan, const catalogue::Where& where, Wish& wish) {
  using Op = catalogue::Condition::Op;
  for (const auto& condition : where) {
    if (condition.op == Op::OccurredWithin) {
      narrow(wish, condition.from, condition.to);
      continue;
    }
    const auto& field = plan.fact_types[wish.type].fields[condition.field];
    if (condition.op == Op::Present) wish.present.insert(condition.field);
    if (condition.op == Op::Equals) wish.values[condition.field] = written(plan, field, condition.number);
    if (condition.op != Op::HasAll) continue;
    boost::json::array all;
    for (std::int64_t bit = 0; bit < 64; ++bit) {
      if ((condition.mask >> bit & 1) != 0) all.push_back(written(plan, field, bit));
    }
    wish.values[condition.field] = std::move(all);
  }
}

}  // namespace

void Twin::wish(const catalogue::Term& term, const Cell& cell, std::vector<Wish>& wishes) const {
  const auto& type = plan_.fact_types[term.fact];
  Wish wish{cell.unit == province_ ? "" : cell.unit, term.fact, {}, {}, {}};
  add_conditions(plan_, term.where, wish);
  if (cell.entity) {
    wish.values[term.entity_field] = boost::json::string(*cell.entity);
    const auto& reg = type.fields[term.entity_field].entity_register;
    for (const auto& fact : facts_) {
      const auto& registering = plan_.fact_types[fact.type];
      if (registering.registers == none || registering.fields[registering.registers].entity_register != reg) continue;
      if (fact.values[registering.registers].text == *cell.entity) wish.unit = fact.fact->unit;
    }
  }
  if (cell.word) {
    const auto& field = type.fields[term.choice_field];
    const auto word = written(plan_, field, *cell.word);
    wish.values[term.choice_field] = field.set ? boost::json::value(boost::json::array{word}) : word;
  }
  if (cell.period != nullptr) narrow(wish, cell.period->first, cell.period->last);
  wishes.push_back(std::move(wish));
}

void Twin::wish(const Having& having, const Cell& cell, std::vector<Wish>& wishes) const {
  if (holds(having, cell)) return;
  if (having.op == Having::Op::All) {
    for (const auto& part : having.of) wish(part, cell, wishes);
  } else if (having.op == Having::Op::Any) {
    if (!having.of.empty()) wish(having.of.front(), cell, wishes);
  } else {
    const auto& term = plan_.terms[having.term];
    const auto copies = having.op == Having::Op::LatestIn || term.kind == catalogue::Term::Kind::Sum
                            ? 1
                            : std::min<std::int64_t>(4, having.number - static_cast<std::int64_t>(amount(term, cell)));
    for (std::int64_t i = 0; i < copies; ++i) wish(term, cell, wishes);
    if (having.op != Having::Op::LatestIn) return;
    wishes.back().values[term.field] =
        written(plan_, plan_.fact_types[term.fact].fields[term.field], having.numbers.front());
  }
}

void Twin::wish_member(const catalogue::Domain& domain, const std::string& unit, std::vector<Wish>& wishes) const {
  for (Index type = 0; type < plan_.fact_types.size(); ++type) {
    const auto& registering = plan_.fact_types[type];
    if (registering.registers == none ||
        registering.fields[registering.registers].entity_register != domain.entity_register)
      continue;
    Wish wish{unit == province_ ? "" : unit, type, {}, {}, {}};
    add_conditions(plan_, domain.registered_where, wish);
    wishes.push_back(std::move(wish));
  }
}

void Twin::wish(const std::string& unit, const Measure& measure, std::vector<Wish>& wishes) const {
  if (measure.kind == Measure::Kind::Facts || measure.kind == Measure::Kind::Distinct ||
      measure.kind == Measure::Kind::Sum || measure.kind == Measure::Kind::Latest) {
    for (int copies = 0; copies < 4; ++copies) wish(plan_.terms[measure.terms[0]], Cell{unit, {}, {}, nullptr}, wishes);
    return;
  }
  auto domain = measure.domain;
  auto inside = cells(domain, unit);
  if (inside.empty()) {
    domain.base = {};
    inside = cells(domain, unit);
    if (inside.empty() && domain.entity_register != none) return wish_member(domain, unit, wishes);
    for (const auto& cell : inside) wish(measure.domain.base, cell, wishes);
    return;
  }
  for (const auto& cell : inside) {
    if (measure.kind != Measure::Kind::Growth) {
      wish(measure.having, cell, wishes);
      continue;
    }
    for (const auto term : measure.terms) {
      if (newest(plan_.terms[term], cell) == nullptr || term == measure.terms[1]) wish(plan_.terms[term], cell, wishes);
    }
  }
}

Wish Twin::judgement_of(const std::string& unit, std::uint32_t indicator, std::uint32_t level) const {
  const auto& binding = plan_.judgement;
  Wish wish{province_, binding.fact, {}, {}, {}};
  wish.values[binding.unit] = boost::json::string(unit);
  wish.values[binding.indicator] = std::int64_t{indicator};
  wish.values[binding.level] = std::int64_t{level};
  wish.values[binding.met] = true;
  return wish;
}

std::vector<Wish> Twin::wishes(const std::string& unit, const catalogue::Indicator& indicator,
                               std::uint32_t revision) const {
  std::vector<Wish> wishes;
  const auto& looked_at = indicator.team ? province_ : unit;
  const auto* ladder = indicator.ladder(revision);
  if (ladder == nullptr) return wishes;
  for (const auto& level : ladder->levels) {
    for (const auto& criterion : level.criteria) {
      if (met(looked_at, indicator, level.level, criterion)) continue;
      const bool judged = criterion.kind == catalogue::Criterion::Kind::Judged;
      if (judged) wishes.push_back(judgement_of(looked_at, indicator.number, level.level));
      if (criterion.given != none && figure(looked_at, criterion.given).numerator < 1) {
        wish(looked_at, plan_.measures[criterion.given], wishes);
      }
      if (!judged) wish(looked_at, plan_.measures[criterion.measure], wishes);
    }
    if (!wishes.empty()) break;
  }
  const auto present = evidence(unit, indicator);
  std::size_t next = 0;
  for (const auto& level : ladder->levels) {
    for (const auto& requirement : level.evidence) {
      if (!present[next++] && !requirement.measures.empty())
        wish(looked_at, plan_.measures[requirement.measures.front()], wishes);
    }
  }
  return wishes;
}

}  // namespace tamroi::simulation
