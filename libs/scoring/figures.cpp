// The figures of a province's round: from tallies and cells to snapshots, and what is published of them.

#include <algorithm>
#include <tuple>
#include <utility>

#include "base/check.h"
#include "scoring/ladder.h"
#include "scoring/province_round.h"

namespace tamroi::scoring {

using catalogue::Index;
using catalogue::Measure;
using catalogue::none;
using catalogue::PeriodKind;
using event::Figure;

namespace {

Snapshot::Value count(base::Int128 number) { return {Figure::Form::Count, number, 0, 0, 0, 0}; }

Snapshot::Value share(base::Int128 numerator, base::Int128 denominator) {
  return {Figure::Form::Share, numerator, denominator, 0, 0, 0};
}

Snapshot::Value undefined(UndefinedWhy why, std::int64_t missing = 0, std::int64_t members = 0) {
  return {Figure::Form::Undefined, 0, 0, why, static_cast<std::uint64_t>(missing), static_cast<std::uint64_t>(members)};
}

}  // namespace

Snapshot::Value ProvinceRound::share_of(std::size_t unit, Index m) const {
  const auto& measure = plan_->measures[m];
  const auto& place = layout_.measures[m];
  Tally total;
  const bool periodic = measure.domain.period != PeriodKind::None;
  for (std::size_t i = 0; i < place.tallies; ++i) {
    if (periodic && plan_->periods(measure.domain.period)[i / place.words].closes_with >= closed_months_) continue;
    total.in += units_[unit].tallies[place.tally + i].in;
    total.satisfied += units_[unit].tallies[place.tally + i].satisfied;
  }
  if (measure.kind == Measure::Kind::Members) return count(total.satisfied);
  if (total.in == 0) {
    return undefined(periodic && closed_cells(m) == 0 ? NoClosedPeriod : NoMember);
  }
  return share(total.satisfied, total.in);
}

Snapshot::Value ProvinceRound::growth_of(std::size_t unit, Index m) const {
  const auto& growth = units_[unit].growths[layout_.measures[m].growth];
  if (growth.members == 0) return undefined(NoMember);
  if (plan_->measures[m].every_member) {
    if (growth.with_from < growth.members) return undefined(MissingFrom, growth.members - growth.with_from, growth.members);
    if (growth.with_to < growth.members) return undefined(MissingTo, growth.members - growth.with_to, growth.members);
  }
  if (growth.from <= 0) return undefined(NoBase);
  return share(growth.to - growth.from, growth.from);
}

Snapshot::Value ProvinceRound::value_of(std::size_t unit, Index m) const {
  const auto& measure = plan_->measures[m];
  switch (measure.kind) {
    case Measure::Kind::Facts:
    case Measure::Kind::Distinct: return count(base::Int128{amount(measure.terms[0], unit_cells_, unit, 0)});
    case Measure::Kind::Sum: return count(unit_cells_.sum(unit, layout_.terms[measure.terms[0]].base));
    case Measure::Kind::Latest: {
      const auto& latest = unit_cells_.latest(unit, layout_.terms[measure.terms[0]].base);
      return latest.present ? count(latest.value) : undefined(NoFact);
    }
    case Measure::Kind::Growth: return growth_of(unit, m);
    default: return share_of(unit, m);
  }
}

std::uint64_t ProvinceRound::evidence_of(std::size_t unit, Index i) const {
  const auto& ladders = plan_->indicators[i].ladders;
  if (ladders.empty()) return 0;
  const auto present = [&](Index m) {
    const auto value = value_of(unit, m);
    if (value.form == Figure::Form::Count) return value.numerator >= 1;
    return value.form == Figure::Form::Share && value.numerator >= value.denominator;
  };
  std::uint64_t bits = 0;
  std::size_t bit = 0;
  for (const auto& level : ladders.front().levels) {
    for (const auto& requirement : level.evidence) {
      if (std::ranges::any_of(requirement.measures, present)) bits |= 1ULL << bit;
      ++bit;
    }
  }
  return bits;
}

Snapshot ProvinceRound::current(std::size_t unit, Index i) const {
  const auto& indicator = plan_->indicators[i];
  const auto& state = units_[unit];
  Snapshot snapshot;
  for (const auto m : indicator.measures) {
    snapshot.values.push_back(value_of(unit, m));
    for (const auto& target : state.targets) {
      if (target.first == m) snapshot.targets.push_back(target);
    }
  }
  snapshot.evidence = evidence_of(unit, i);
  for (const auto& [key, latest] : state.judged) {
    if (key.first == indicator.number && latest.present && latest.value != 0) snapshot.judged |= 1U << key.second;
  }
  snapshot.revision = revision_;
  return snapshot;
}

const Snapshot& ProvinceRound::published(std::size_t unit, Index indicator) const {
  return units_.at(unit).published.at(indicator);
}

void ProvinceRound::take_over(const ProvinceRound& earlier, const std::function<void(const Replay&)>& replay,
                              LatestIndex& latest) {
  closed_months_ = earlier.closed_months_;
  revision_ = earlier.revision_;
  const auto here_of = [&](Index measure) {
    const auto& there = earlier.plan_->measures[measure];
    const auto found = plan_->measure(earlier.plan_->indicators[there.indicator].number, there.name);
    CHECK(found != none);
    return found;
  };
  for (std::size_t u = 0; u < units_.size(); ++u) {
    for (const auto& [measure, value] : earlier.units_[u].targets) {
      set_target(u, here_of(measure), value);
    }
    for (Index i = 0; i < earlier.plan_->indicators.size(); ++i) {
      const auto here = plan_->indicator_index(earlier.plan_->indicators[i].number);
      const auto& before = earlier.units_[u].published[i];
      auto& published = units_[u].published[here];
      published = from_row(*plan_, here, to_row(*earlier.plan_, i, unit_codes_[u], before));
      const auto& measures = plan_->indicators[here].measures;
      for (std::size_t m = 0; m < before.values.size(); ++m) {
        const auto place = std::ranges::find(measures, here_of(earlier.plan_->indicators[i].measures[m]));
        published.values[static_cast<std::size_t>(place - measures.begin())] = before.values[m];  // with why it is undefined
      }
    }
  }
  latest.clear(plan_->round);
  add_all(replay, latest);
  touch_all();
}

void ProvinceRound::add_all(const std::function<void(const Replay&)>& replay, LatestIndex& latest) {
  // A corrected fact may use what was registered after it.
  replay([&](const Fact& fact, const base::Uuid& id) {
    if (plan_->fact_types[fact.type].registers != none) set_registered(fact, id, true);
  });
  replay([&](const Fact& fact, const base::Uuid&) { weigh(fact, 1, latest); });
}

std::vector<ProvinceRound::Moved> ProvinceRound::publish() {
  std::vector<Moved> moved;
  if (revision_ == 0) return moved;
  for (Index i = 0; i < plan_->indicators.size(); ++i) {
    const auto& indicator = plan_->indicators[i];
    const bool dependent = indicator.team || indicator.reads_parent;
    const bool all = dependent && units_[0].touched[i];
    Snapshot province;  // as it will be published: what districts look up
    for (std::size_t u = 0; u < units_.size(); ++u) {
      if (u == 0 ? !(dependent && std::ranges::any_of(units_, [&](const auto& s) { return s.touched[i]; })) &&
                       !units_[0].touched[i]
                 : !all && !units_[u].touched[i]) {
        continue;
      }
      units_[u].touched[i] = false;
      auto after = current(u, i);
      after.standing = indicator.team && u != 0 ? province.standing
                                                : stand(*plan_, i, revision_, after, u == 0 ? after : province);
      if (u == 0) province = after;
      auto& published = units_[u].published[i];
      if (after == published) continue;
      units_[u].marked = true;
      moved.push_back({u, i, std::exchange(published, after), after});
    }
  }
  return moved;
}

}  // namespace tamroi::scoring
