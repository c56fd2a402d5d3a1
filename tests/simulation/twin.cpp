#include "simulation/twin.h"

#include <algorithm>

#include "simulation/words.h"

namespace tamroi::simulation {

using catalogue::FieldKind;
using catalogue::Index;
using catalogue::Measure;
using catalogue::none;
using catalogue::PeriodKind;
using catalogue::Term;

Twin::Twin(const catalogue::Plan& plan, std::string province, const std::vector<LiveFact>& live, const Setting& setting)
    : plan_(plan), province_(std::move(province)), setting_(setting), by_term_(plan.terms.size()) {
  units_.push_back(province_);
  for (const auto child : plan_.units.find(province_)->children) units_.push_back(plan_.units.at(child).code);
  for (const auto& fact : live) {
    Decoded decoded{&fact, plan_.fact_type(fact.type), {}};
    for (const auto& field : plan_.fact_types[decoded.type].fields)
      decoded.values.push_back(decode(field, fact.values));
    facts_.push_back(std::move(decoded));
  }
  for (std::size_t t = 0; t < plan_.terms.size(); ++t) {
    for (const auto& fact : facts_) {
      if (fact.type == plan_.terms[t].fact && matches(plan_.terms[t].where, fact)) by_term_[t].push_back(&fact);
    }
  }
}

Twin::Value Twin::decode(const catalogue::Field& field, const boost::json::object& values) const {
  const auto* found = values.if_contains(field.name);
  if (found == nullptr) return {};
  Value value{true, 0, {}, {}};
  if (field.set) {
    for (const auto& item : found->as_array()) value.members.insert(number_of(plan_, field, item));
    return value;
  }
  value.number = number_of(plan_, field, *found);
  if (found->is_string()) value.text = std::string(found->as_string());
  return value;
}

bool Twin::matches(const catalogue::Where& where, const Decoded& fact) {
  return std::ranges::all_of(where, [&](const catalogue::Condition& condition) {
    using Op = catalogue::Condition::Op;
    const auto date = fact.fact->occurred_on;
    if (condition.op == Op::OccurredWithin) return condition.from <= date && date <= condition.to;
    const auto& value = fact.values[condition.field];
    if (!value.present || condition.op == Op::Present) return value.present;
    if (condition.op == Op::Equals) return value.number == condition.number;
    for (std::int64_t bit = 0; bit < 64; ++bit) {
      if ((condition.mask >> bit & 1) != 0 && !value.members.contains(bit)) return false;
    }
    return true;
  });
}

// The facts of a term that belong to a cell.
std::vector<const Twin::Decoded*> Twin::facts(const Term& term, const Cell& cell) const {
  std::vector<const Decoded*> found;
  for (const auto* fact : by_term_[static_cast<std::size_t>(&term - plan_.terms.data())]) {
    const bool own = cell.unit == province_ || fact->fact->unit == cell.unit;
    const bool parents = term.from_parent && fact->fact->unit == province_ && matches(term.parent_where, *fact);
    if (!own && !parents) continue;
    if (cell.entity && fact->values[term.entity_field].text != *cell.entity) continue;
    if (cell.word) {
      const auto& value = fact->values[term.choice_field];
      if (!value.present || (value.members.empty() ? value.number != *cell.word : !value.members.contains(*cell.word)))
        continue;
    }
    const auto date = fact->fact->occurred_on;
    if (cell.period != nullptr && (date < cell.period->first || cell.period->last < date)) continue;
    found.push_back(fact);
  }
  return found;
}

const Twin::Decoded* Twin::newest(const Term& term, const Cell& cell) const {
  const auto order = [](const Decoded* d) { return std::tuple(d->fact->occurred_on, d->fact->offset, d->fact->entry); };
  const auto all = facts(term, cell);
  return all.empty() ? nullptr : *std::ranges::max_element(all, {}, order);
}

base::Int128 Twin::amount(const Term& term, const Cell& cell) const {
  const auto all = facts(term, cell);
  if (term.kind == Term::Kind::Count) return base::Int128{all.size()};
  base::Int128 sum = 0;
  std::set<std::pair<std::int64_t, std::string>> different;
  for (const auto* fact : all) {
    const auto& value = fact->values[term.field];
    if (!value.present) continue;
    sum += value.number;
    for (const auto member : value.members) different.emplace(member, "");
    if (value.members.empty()) different.emplace(value.number, value.text);
  }
  return term.kind == Term::Kind::Sum ? sum : base::Int128{different.size()};
}

bool Twin::holds(const catalogue::Having& having, const Cell& cell) const {
  using Op = catalogue::Having::Op;
  const auto inner = [&](const catalogue::Having& part) { return holds(part, cell); };
  switch (having.op) {
    case Op::All: return std::ranges::all_of(having.of, inner);
    case Op::Any: return std::ranges::any_of(having.of, inner);
    case Op::AtLeast: return amount(plan_.terms[having.term], cell) >= having.number;
    case Op::LatestIn: break;
  }
  const auto& term = plan_.terms[having.term];
  const auto* fact = newest(term, cell);
  return fact != nullptr && std::ranges::count(having.numbers, fact->values[term.field].number) > 0;
}

// The facts that register the members of a register.
std::vector<const Twin::Decoded*> Twin::members(const catalogue::Domain& domain, const std::string& unit) const {
  std::vector<const Decoded*> found;
  for (const auto& fact : facts_) {
    const auto& type = plan_.fact_types[fact.type];
    if (type.registers == none || type.fields[type.registers].entity_register != domain.entity_register) continue;
    if (unit != province_ && fact.fact->unit != unit) continue;
    if (matches(domain.registered_where, fact)) found.push_back(&fact);
  }
  return found;
}

// The cells of a domain, those of open periods and of members outside its base left out.
std::vector<Twin::Cell> Twin::cells(const catalogue::Domain& domain, const std::string& unit) const {
  std::vector<std::pair<Cell, base::Date>> owners;
  if (domain.entity_register != none) {
    for (const auto* fact : members(domain, unit)) {
      const auto& name = fact->values[plan_.fact_types[fact->type].registers].text;
      owners.push_back({{unit, name, {}, nullptr}, fact->fact->occurred_on});
    }
  } else if (domain.districts) {
    for (const auto& code : units_) {
      if (code != province_ && (unit == province_ || code == unit)) owners.push_back({{code, {}, {}, nullptr}, {}});
    }
  } else {
    owners.push_back({{unit, {}, {}, nullptr}, {}});
  }
  std::vector<Cell> found;
  for (const auto& [owner, registered_on] : owners) {
    std::vector<Cell> here{owner};
    if (domain.vocabulary != none) {
      here.clear();
      const auto words = static_cast<std::int64_t>(plan_.vocabularies[domain.vocabulary].words.size());
      for (std::int64_t word = 0; word < words; ++word) here.push_back({owner.unit, owner.entity, word, nullptr});
    }
    for (auto cell : here) {
      if (domain.period == PeriodKind::None) {
        if (holds(domain.base, cell)) found.push_back(cell);
        continue;
      }
      for (const auto& period : domain.period == PeriodKind::Month ? plan_.months : plan_.weeks) {
        if (period.closes_with >= setting_.closed_months) continue;
        if (domain.registered_by_first_day && period.first < registered_on) continue;
        cell.period = &period;
        if (holds(domain.base, cell)) found.push_back(cell);
      }
    }
  }
  return found;
}

TwinFigure Twin::counted(const Measure& measure, const std::string& unit) const {
  base::Int128 all = 0;
  base::Int128 satisfied = 0;
  for (const auto& cell : cells(measure.domain, unit)) {
    ++all;
    if (holds(measure.having, cell)) ++satisfied;
  }
  if (measure.kind == Measure::Kind::Members) return {true, false, satisfied, 1};
  return {all > 0, true, satisfied, all};
}

TwinFigure Twin::growth(const Measure& measure, const std::string& unit) const {
  base::Int128 from = 0;
  base::Int128 to = 0;
  bool every = true;
  const auto& first = plan_.terms[measure.terms[0]];
  const auto& second = plan_.terms[measure.terms[1]];
  const auto owners = cells(measure.domain, unit);
  for (const auto& cell : owners) {
    const auto* before = newest(first, cell);
    const auto* after = newest(second, cell);
    if (before == nullptr || after == nullptr) {
      every = false;
      continue;
    }
    from += before->values[first.field].number;
    to += after->values[second.field].number;
  }
  return {!owners.empty() && (every || !measure.every_member) && from > 0, true, to - from, from};
}

TwinFigure Twin::figure(const std::string& unit, Index index) const {
  const auto known = figures_.find({unit, index});
  if (known != figures_.end()) return known->second;
  const auto& measure = plan_.measures[index];
  const Cell whole{unit, {}, {}, nullptr};
  TwinFigure figure;
  switch (measure.kind) {
    case Measure::Kind::Facts:
    case Measure::Kind::Distinct:
    case Measure::Kind::Sum: figure = {true, false, amount(plan_.terms[measure.terms[0]], whole), 1}; break;
    case Measure::Kind::Latest: {
      const auto& term = plan_.terms[measure.terms[0]];
      const auto* fact = newest(term, whole);
      if (fact != nullptr) figure = {true, false, fact->values[term.field].number, 1};
      break;
    }
    case Measure::Kind::Growth: figure = growth(measure, unit); break;
    default: figure = counted(measure, unit);
  }
  return figures_[{unit, index}] = figure;
}

}  // namespace tamroi::simulation
