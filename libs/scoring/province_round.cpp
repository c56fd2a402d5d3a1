#include "scoring/province_round.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/check.h"
#include "scoring/ladder.h"

namespace tamroi::scoring {

using catalogue::Having;
using catalogue::Index;
using catalogue::Measure;
using catalogue::none;
using catalogue::PeriodKind;
using catalogue::Term;

ProvinceRound::ProvinceRound(std::shared_ptr<const catalogue::Plan> plan, std::string_view province)
    : plan_(std::move(plan)), layout_(*plan_), unit_cells_(layout_.units) {
  const auto* unit = plan_->units.find(province);
  CHECK(unit != nullptr && unit->level == catalogue::Level::Province);
  unit_codes_.push_back(unit->code);
  for (const auto child : unit->children) unit_codes_.push_back(plan_->units.at(child).code);
  std::sort(unit_codes_.begin() + 1, unit_codes_.end());
  unit_cells_.resize(unit_codes_.size());
  for (const auto& extent : layout_.members) registries_.emplace_back(extent);
  units_.resize(unit_codes_.size());
  for (auto& state : units_) {
    state.tallies.resize(layout_.tallies);
    state.growths.resize(layout_.growths);
    state.touched.resize(plan_->indicators.size());
  }
  for (Index m = 0; m < plan_->measures.size(); ++m) {
    if (!plan_->measures[m].domain.districts && plan_->measures[m].domain.entity_register != none) continue;
    for (std::size_t u = 0; u < units_.size(); ++u) {
      if (plan_->measures[m].domain.districts && u == 0) continue;
      for (std::size_t cell = 0; cell < layout_.measures[m].cells; ++cell) {
        const auto truth = truth_of_unit(m, u, cell);
        const std::size_t slot = layout_.measures[m].tally + (layout_.measures[m].tallies == 1 ? 0 : cell);
        const auto note = [&](Tally& tally) { tally.in += truth.in, tally.satisfied += truth.satisfied; };
        note(units_[u].tallies[slot]);
        if (plan_->measures[m].domain.districts) note(units_[0].tallies[slot]);
      }
    }
  }
  for (std::size_t u = 0; u < units_.size(); ++u) {
    for (Index i = 0; i < plan_->indicators.size(); ++i) {
      auto snapshot = current(u, i);
      snapshot.standing = {};
      units_[u].published.push_back(std::move(snapshot));
    }
  }
}

std::optional<std::size_t> ProvinceRound::unit_of(std::string_view code) const {
  const auto found = std::ranges::find(unit_codes_, code);
  if (found == unit_codes_.end()) return std::nullopt;
  return static_cast<std::size_t>(found - unit_codes_.begin());
}

std::size_t ProvinceRound::bytes() const {
  std::size_t bytes = sizeof(ProvinceRound) + unit_cells_.bytes();
  for (const auto& registry : registries_) bytes += registry.bytes();
  return bytes;
}

void ProvinceRound::apply(const Fact& fact, const base::Uuid& id, int sign, LatestIndex& latest) {
  const auto& type = plan_->fact_types[fact.type];
  if (sign > 0 && type.registers != none) set_registered(fact, id, true);
  weigh(fact, sign, latest);
  if (sign < 0 && type.registers != none) set_registered(fact, id, false);
}

void ProvinceRound::weigh(const Fact& fact, int sign, LatestIndex& latest) {
  count_uses(fact, sign);
  for (const auto term : plan_->fact_types[fact.type].feeds) feed(term, fact, sign, latest);
  if (fact.type == plan_->judgement.fact) judge(fact, sign, latest);
}

void ProvinceRound::count_uses(const Fact& fact, int sign) {
  const auto& type = plan_->fact_types[fact.type];
  for (Index f = 0; f < type.fields.size(); ++f) {
    if (type.fields[f].kind != catalogue::FieldKind::Entity || f == type.registers || !fact.values[f].present) continue;
    auto& registry = registries_[type.fields[f].entity_register];
    const auto member = registry.find(fact.values[f].text);
    CHECK(member.has_value());
    registry.mark(*member);
    auto& uses = registry.member(*member).uses;
    CHECK(sign > 0 || uses > 0);
    uses = sign > 0 ? uses + 1 : uses - 1;
  }
}

void ProvinceRound::set_registered(const Fact& fact, const base::Uuid& id, bool live) {
  const auto& type = plan_->fact_types[fact.type];
  const Index reg = type.fields[type.registers].entity_register;
  auto& registry = registries_[reg];
  const auto place = registry.place(fact.values[type.registers].text);
  auto& member = registry.member(place);
  CHECK(member.live != live);
  registry.mark(place);
  if (!live) {
    tally_member(reg, place, -1);
    member.live = false;
    return;
  }
  member.live = true;
  member.unit = static_cast<std::uint32_t>(fact.unit);
  member.registered_on = fact.occurred_on;
  member.registration = id;
  member.where = 0;
  for (const auto m : layout_.over_register[reg]) {
    if (matches(plan_->measures[m].domain.registered_where, fact)) member.where |= 1ULL << layout_.measures[m].member_bit;
  }
  tally_member(reg, place, 1);
}

void ProvinceRound::tally_member(Index reg, std::size_t member, int sign) {
  for (const auto m : layout_.over_register[reg]) {
    for (std::size_t cell = 0; cell < layout_.measures[m].cells; ++cell) tally_cell(m, member, cell, sign);
  }
}

// Adds what one member's cell stands for to its district's and the province's tallies, or takes it away.
void ProvinceRound::tally_cell(Index m, std::size_t member, std::size_t cell, int sign) {
  const auto& measure = plan_->measures[m];
  const auto& registry = registries_[measure.domain.entity_register];
  const auto truth = truth_of_member(m, member, cell);
  if (!truth.in) return;
  const auto unit = registry.member(member).unit;
  const std::size_t slot = layout_.measures[m].tally + (layout_.measures[m].tallies == 1 ? 0 : cell);
  for (const std::size_t u : {std::size_t{unit}, std::size_t{0}}) {
    units_[u].tallies[slot].in += sign;
    units_[u].tallies[slot].satisfied += truth.satisfied ? sign : 0;
    if (measure.kind == Measure::Kind::Growth) {
      auto& growth = units_[u].growths[layout_.measures[m].growth];
      const auto& from = registry.cells().latest(member, layout_.terms[measure.terms[0]].base);
      const auto& to = registry.cells().latest(member, layout_.terms[measure.terms[1]].base);
      growth.members += sign;
      growth.with_from += from.present ? sign : 0;
      growth.with_to += to.present ? sign : 0;
      if (from.present && to.present) {
        growth.with_both += sign;
        growth.from += base::Int128{sign} * from.value;
        growth.to += base::Int128{sign} * to.value;
      }
    }
    touch(u, m);
  }
}

std::optional<std::size_t> ProvinceRound::cell_of(Index t, const Fact& fact) const {
  const auto& term = plan_->terms[t];
  const auto& domain = plan_->measures[term.measure].domain;
  std::size_t word = 0;
  if (domain.vocabulary != none) {
    const auto& value = fact.values[term.choice_field];
    if (!value.present) return std::nullopt;
    word = static_cast<std::size_t>(value.number);
  }
  if (domain.period == PeriodKind::None) return word;
  const auto period = plan_->period_at(domain.period, fact.occurred_on);
  if (period == none) return std::nullopt;
  return period * layout_.measures[term.measure].words + word;
}

void ProvinceRound::feed(Index t, const Fact& fact, int sign, LatestIndex& latest) {
  const auto& term = plan_->terms[t];
  const auto& domain = plan_->measures[term.measure].domain;
  if (!matches(term.where, fact)) return;
  const auto cell = cell_of(t, fact);
  if (!cell) return;
  if (domain.entity_register != none) return feed_member(t, fact, *cell, sign, latest);
  if (!domain.districts || fact.unit != 0) feed_unit(t, fact, fact.unit, *cell, sign, latest);
  if (!domain.districts && fact.unit != 0) feed_unit(t, fact, 0, *cell, sign, latest);
  if (fact.unit == 0 && term.from_parent && matches(term.parent_where, fact)) {
    for (std::size_t u = 1; u < units_.size(); ++u) feed_unit(t, fact, u, *cell, sign, latest);
  }
}

void ProvinceRound::feed_member(Index t, const Fact& fact, std::size_t cell, int sign, LatestIndex& latest) {
  const auto& term = plan_->terms[t];
  auto& registry = registries_[plan_->measures[term.measure].domain.entity_register];
  const auto& name = fact.values[term.entity_field];
  if (!name.present) return;
  const auto member = registry.find(name.text);
  CHECK(member.has_value() && registry.member(*member).live);
  registry.mark(*member);
  tally_cell(term.measure, *member, cell, -1);
  accumulate(t, fact, registry.cells(), *member, name.text, cell, sign, latest);
  tally_cell(term.measure, *member, cell, 1);
}

void ProvinceRound::feed_unit(Index t, const Fact& fact, std::size_t unit, std::size_t cell, int sign,
                              LatestIndex& latest) {
  const auto m = plan_->terms[t].measure;
  const auto& domain = plan_->measures[m].domain;
  units_[unit].marked = true;
  const auto before = truth_of_unit(m, unit, cell);
  accumulate(t, fact, unit_cells_, unit, unit_codes_[unit], cell, sign, latest);
  const auto after = truth_of_unit(m, unit, cell);
  const std::size_t slot = layout_.measures[m].tally + (layout_.measures[m].tallies == 1 ? 0 : cell);
  const auto move = [&](std::size_t u) {
    units_[u].tallies[slot].in += int{after.in} - int{before.in};
    units_[u].tallies[slot].satisfied += int{after.satisfied} - int{before.satisfied};
    touch(u, m);
  };
  move(unit);
  if (domain.districts) move(0);
}

void ProvinceRound::accumulate(Index t, const Fact& fact, Cells& cells, std::size_t owner, std::string_view owner_name,
                               std::size_t cell, int sign, LatestIndex& latest) {
  const auto& term = plan_->terms[t];
  const auto& place = layout_.terms[t];
  const auto add = [&](std::uint32_t& count) {
    CHECK(sign > 0 || count > 0);
    count = sign > 0 ? count + 1 : count - 1;
  };
  if (term.kind == Term::Kind::Count) return add(cells.count(owner, place.base + cell));
  const auto& value = fact.values[term.field];
  if (!value.present) return;
  switch (term.kind) {
    case Term::Kind::Sum: cells.sum(owner, place.base + cell) += base::Int128{sign} * value.number; return;
    case Term::Kind::Latest: {
      const LatestCell key{plan_->round, t, owner_name, static_cast<std::uint32_t>(cell)};
      const Latest entry{true, fact.occurred_on, fact.recorded, value.number};
      auto& newest = cells.latest(owner, place.base + cell);
      if (sign > 0) {
        latest.insert(key, entry);
        if (entry.newer_than(newest)) newest = entry;
      } else {
        latest.erase(key, entry);
        if (entry == newest) newest = latest.newest(key);
      }
      return;
    }
    default: break;
  }
  if (!place.dense) {
    auto& multiset = cells.multiset(owner, place.base + cell);
    const std::string key = value.text.empty() ? std::to_string(value.number) : std::string(value.text);
    add(multiset[key]);
    if (multiset[key] == 0) multiset.erase(key);
    return;
  }
  const std::uint64_t mask = plan_->fact_types[term.fact].fields[term.field].set ? value.mask : 1ULL << value.number;
  for (std::size_t v = 0; v < place.values; ++v) {
    if ((mask >> v & 1) != 0) add(cells.count(owner, place.base + cell * place.values + v));
  }
}

void ProvinceRound::judge(const Fact& fact, int sign, LatestIndex& latest) {
  const auto& binding = plan_->judgement;
  const auto& code = plan_->units.at(static_cast<std::size_t>(fact.values[binding.unit].number)).code;
  const auto unit = unit_of(code);
  CHECK(unit.has_value());
  const auto indicator = static_cast<std::uint32_t>(fact.values[binding.indicator].number);
  const auto level = static_cast<std::uint32_t>(fact.values[binding.level].number);
  const auto owner = fmt::format("{}/{}", code, indicator);
  const LatestCell key{plan_->round, none, owner, level};
  const Latest entry{true, fact.occurred_on, fact.recorded, fact.values[binding.met].number};
  auto& newest = units_[*unit].judged[{indicator, level}];
  if (sign > 0) {
    latest.insert(key, entry);
    if (entry.newer_than(newest)) newest = entry;
  } else {
    latest.erase(key, entry);
    if (entry == newest) newest = latest.newest(key);
  }
  units_[*unit].marked = true;
  units_[*unit].touched[plan_->indicator_index(indicator)] = true;
}

std::uint64_t ProvinceRound::amount(Index t, const Cells& cells, std::size_t owner, std::size_t cell) const {
  const auto& place = layout_.terms[t];
  switch (plan_->terms[t].kind) {
    case Term::Kind::Count: return cells.count(owner, place.base + cell);
    case Term::Kind::Sum: {
      const auto sum = cells.sum(owner, place.base + cell);
      return static_cast<std::uint64_t>(std::min<base::Int128>(sum, INT64_MAX));
    }
    case Term::Kind::Latest: return cells.latest(owner, place.base + cell).present ? 1 : 0;
    case Term::Kind::Distinct: break;
  }
  if (!place.dense) return cells.multiset(owner, place.base + cell).size();
  std::uint64_t distinct = 0;
  for (std::size_t v = 0; v < place.values; ++v) distinct += cells.count(owner, place.base + cell * place.values + v) > 0;
  return distinct;
}

bool ProvinceRound::holds(const Having& having, Index measure, const Cells& cells, std::size_t owner,
                          std::size_t cell) const {
  const auto part = [&](const Having& of) { return holds(of, measure, cells, owner, cell); };
  switch (having.op) {
    case Having::Op::All: return std::ranges::all_of(having.of, part);
    case Having::Op::Any: return std::ranges::any_of(having.of, part);
    case Having::Op::AtLeast:
      return having.number <= 0 || amount(having.term, cells, owner, cell) >= static_cast<std::uint64_t>(having.number);
    case Having::Op::LatestIn: break;
  }
  const auto& latest = cells.latest(owner, layout_.terms[having.term].base + cell);
  return latest.present && std::ranges::find(having.numbers, latest.value) != having.numbers.end();
}

ProvinceRound::Truth ProvinceRound::truth_of_member(Index m, std::size_t place, std::size_t cell) const {
  const auto& measure = plan_->measures[m];
  const auto& registry = registries_[measure.domain.entity_register];
  const auto& member = registry.member(place);
  if (!member.live || (member.where >> layout_.measures[m].member_bit & 1) == 0) return {};
  if (measure.domain.registered_by_first_day &&
      member.registered_on > plan_->periods(measure.domain.period)[cell].first) {
    return {};
  }
  if (!holds(measure.domain.base, m, registry.cells(), place, cell)) return {};
  return {true, holds(measure.having, m, registry.cells(), place, cell)};
}

ProvinceRound::Truth ProvinceRound::truth_of_unit(Index m, std::size_t unit, std::size_t cell) const {
  const auto& measure = plan_->measures[m];
  if (!holds(measure.domain.base, m, unit_cells_, unit, cell)) return {};
  return {true, holds(measure.having, m, unit_cells_, unit, cell)};
}

std::string ProvinceRound::actual(Index m, const Cells& cells, std::size_t owner, std::size_t cell) const {
  const auto& measure = plan_->measures[m];
  const auto* having = &measure.having;
  while (!having->of.empty()) {
    const auto unmet = std::ranges::find_if(having->of, [&](const Having& of) { return !holds(of, m, cells, owner, cell); });
    having = unmet == having->of.end() ? &having->of.front() : &*unmet;
  }
  if (having->term == none) return "0";
  const auto& term = plan_->terms[having->term];
  if (term.kind != Term::Kind::Latest) return std::to_string(amount(having->term, cells, owner, cell));
  const auto& latest = cells.latest(owner, layout_.terms[having->term].base + cell);
  if (!latest.present) return "none";
  const auto& field = plan_->fact_types[term.fact].fields[term.field];
  if (field.kind == catalogue::FieldKind::Choice) {
    return plan_->vocabularies[field.vocabulary].words[static_cast<std::size_t>(latest.value)];
  }
  return std::to_string(latest.value);
}

std::string ProvinceRound::actual_of_member(Index m, std::size_t member, std::size_t cell) const {
  return actual(m, registries_[plan_->measures[m].domain.entity_register].cells(), member, cell);
}
std::string ProvinceRound::actual_of_unit(Index m, std::size_t unit, std::size_t cell) const {
  return actual(m, unit_cells_, unit, cell);
}

std::size_t ProvinceRound::closed_cells(Index m) const {
  const auto kind = plan_->measures[m].domain.period;
  if (kind == PeriodKind::None) return layout_.measures[m].cells;
  const auto closed = std::ranges::count_if(plan_->periods(kind), [&](const auto& p) { return p.closes_with < closed_months_; });
  return static_cast<std::size_t>(closed) * words_of(m);
}

void ProvinceRound::touch(std::size_t unit, Index measure) {
  units_[unit].marked = true;
  units_[unit].touched[plan_->measures[measure].indicator] = true;
}

void ProvinceRound::touch_all() {
  for (auto& state : units_) {
    state.marked = true;
    state.touched.assign(state.touched.size(), true);
  }
}

void ProvinceRound::close_months(std::uint32_t months) {
  CHECK(months >= closed_months_ && months <= plan_->months.size());
  closed_months_ = months;
  touch_all();
}

void ProvinceRound::set_target(std::size_t unit, Index measure, std::uint64_t value) {
  auto& targets = units_.at(unit).targets;
  const auto found = std::ranges::find(targets, measure, &std::pair<Index, std::uint64_t>::first);
  if (found != targets.end()) {
    found->second = value;
  } else {
    targets.insert(std::ranges::upper_bound(targets, std::pair{measure, value}), {measure, value});
  }
  touch(unit, measure);
}

void ProvinceRound::set_revision(std::uint32_t revision) {
  revision_ = revision;
  touch_all();
}

}  // namespace tamroi::scoring
