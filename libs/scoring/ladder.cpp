#include "scoring/ladder.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include <fmt/format.h>

#include "base/check.h"

namespace tamroi::scoring {
namespace {

using base::Ratio;
using catalogue::Criterion;
using catalogue::Index;
using catalogue::Needed;
using catalogue::none;
using catalogue::Plan;
using event::Figure;

// Looks values up in one unit's snapshot and its province's.
class Reader {
 public:
  Reader(const Plan& plan, Index indicator, const Snapshot& own, const Snapshot& province)
      : plan_(plan), indicator_(plan.indicators[indicator]), own_(own), province_(province) {}

  [[nodiscard]] const Snapshot::Value* value(Index measure, bool parent = false) const {
    const auto& snapshot = parent ? province_ : own_;
    const auto found = std::ranges::find(indicator_.measures, measure);
    CHECK(found != indicator_.measures.end());
    const auto& value = snapshot.values.at(static_cast<std::size_t>(found - indicator_.measures.begin()));
    return value.form == Figure::Form::Undefined ? nullptr : &value;
  }
  [[nodiscard]] bool given(Index measure) const {
    if (measure == none) return true;
    const auto* found = value(measure);
    return found != nullptr && found->numerator >= 1;
  }
  [[nodiscard]] std::optional<std::uint64_t> target(Index measure) const {
    const auto found = std::ranges::find(own_.targets, measure, &std::pair<Index, std::uint64_t>::first);
    if (found == own_.targets.end()) return std::nullopt;
    return found->second;
  }
  // The value of the first band that contains the count; nothing where none does.
  [[nodiscard]] std::optional<Ratio> band(const Needed& needed) const {
    const auto* by = value(needed.by, needed.by_parent);
    if (by == nullptr || by->numerator < 0) return std::nullopt;
    for (const auto& band : plan_.tables[needed.band].bands) {
      if (by->numerator >= base::Int128{band.first} && by->numerator <= base::Int128{band.last}) return band.value;
    }
    return std::nullopt;
  }
  [[nodiscard]] bool judged(std::uint32_t level) const { return (own_.judged >> level & 1) != 0; }
  [[nodiscard]] const catalogue::Indicator& indicator() const { return indicator_; }

 private:
  const Plan& plan_;
  const catalogue::Indicator& indicator_;
  const Snapshot& own_;
  const Snapshot& province_;
};

// What a criterion compares: the actual value (nothing: undefined) with what is needed (nothing: nothing meets it).
struct Comparison {
  std::optional<Ratio> actual;
  std::optional<Ratio> needed;
  bool share = false;
};

Comparison compare(const Reader& reader, const Criterion& criterion) {
  Comparison result;
  const auto* value = reader.value(criterion.measure);
  if (value != nullptr) result.actual = value->ratio();
  const auto& needed = criterion.needed;
  result.share = needed.share;
  switch (needed.kind) {
    case Needed::Kind::Constant: result.needed = needed.value; break;
    case Needed::Kind::Band: result.needed = reader.band(needed); break;
    case Needed::Kind::TargetOrBand: {
      if (const auto target = reader.target(criterion.measure)) {
        result.needed = Ratio{base::Int128{*target}, 1};
        result.share = false;
        break;
      }
      result.share = true;
      result.needed = reader.band(needed);
      const auto* over = reader.value(needed.over);
      result.actual.reset();
      if (value != nullptr && over != nullptr && over->numerator > 0) result.actual = Ratio{value->numerator, over->numerator};
    }
  }
  return result;
}

bool is_met(const Reader& reader, const Criterion& criterion, std::uint32_t level) {
  if (!reader.given(criterion.given)) return false;
  if (criterion.kind == Criterion::Kind::Judged) return reader.judged(level);
  const auto [actual, needed, share] = compare(reader, criterion);
  if (!actual) return criterion.or_undefined;
  return needed && base::at_least(*actual, *needed);
}

std::string shown(const std::optional<Ratio>& value, bool share) {
  if (!value) return "undefined";
  if (share) return base::percent(*value);
  return value->denominator == 1 ? base::to_string(value->numerator) : base::two_decimals(*value);
}

Judged say(const Reader& reader, const Criterion& criterion, std::uint32_t level) {
  Judged said{criterion.measure, {}, {}, is_met(reader, criterion, level), criterion.source};
  if (criterion.kind == Criterion::Kind::Judged) {
    said.needs = "judged as met";
    said.actual = reader.judged(level) ? "judged as met" : "not judged as met";
    return said;
  }
  const auto comparison = compare(reader, criterion);
  const auto* value = reader.value(criterion.measure);
  const bool share = comparison.share || (value != nullptr && value->form == Figure::Form::Share);
  said.needs = comparison.needed ? ">= " + shown(comparison.needed, share) : "nothing meets it: no band applies";
  if (criterion.or_undefined) said.needs += ", or undefined";
  said.actual = shown(comparison.actual, share);
  return said;
}

std::uint32_t evidenced(const catalogue::Ladder& ladder, const Snapshot& own, std::uint32_t level) {
  std::size_t bit = 0;
  std::uint32_t reached = 0;
  for (const auto& step : ladder.levels) {
    if (step.level > level) break;
    for (std::size_t i = 0; i < step.evidence.size(); ++i, ++bit) {
      if ((own.evidence >> bit & 1) == 0) return reached;
    }
    reached = step.level;
  }
  return reached;
}

}  // namespace

std::int64_t score_of(const catalogue::Indicator& indicator, std::uint32_t level) {
  return indicator.weight_hundredths * level * 20;
}

event::Standing stand(const Plan& plan, Index indicator, std::uint32_t revision, const Snapshot& own,
                      const Snapshot& province) {
  const Reader reader(plan, indicator, own, province);
  const auto* ladder = plan.indicators[indicator].ladder(revision);
  event::Standing standing;
  if (ladder == nullptr) return standing;
  for (const auto& step : ladder->levels) {
    const auto met = [&](const Criterion& criterion) { return is_met(reader, criterion, step.level); };
    if (!std::ranges::all_of(step.criteria, met)) break;
    standing.level = step.level;
  }
  standing.evidenced_level = evidenced(*ladder, own, standing.level);
  standing.score = score_of(plan.indicators[indicator], standing.level);
  return standing;
}

std::vector<LevelExplained> explain(const Plan& plan, Index indicator, std::uint32_t revision, const Snapshot& own,
                                    const Snapshot& province) {
  const Reader reader(plan, indicator, own, province);
  const auto* ladder = plan.indicators[indicator].ladder(revision);
  std::vector<LevelExplained> levels;
  if (ladder == nullptr) return levels;
  bool counts = true;
  std::size_t bit = 0;
  for (const auto& step : ladder->levels) {
    auto& level = levels.emplace_back();
    level.level = step.level;
    for (const auto& criterion : step.criteria) level.criteria.push_back(say(reader, criterion, step.level));
    level.met = std::ranges::all_of(level.criteria, &Judged::met);
    level.counts = counts = counts && level.met;
    for (const auto& requirement : step.evidence) {
      level.evidence.emplace_back(requirement.name, (own.evidence >> bit & 1) != 0);
      ++bit;
    }
  }
  return levels;
}

namespace {

// The part of its full value that is reached, at most 1.
Ratio reached(const Reader& reader, const catalogue::PointsPart& part) {
  Ratio result{0, 1};
  if (!part.shares.empty()) {
    Ratio sum{0, 0};
    for (const auto share : part.shares) {
      const auto* value = reader.value(share);
      if (value == nullptr) continue;
      sum.numerator += value->numerator;
      sum.denominator += value->denominator;
    }
    if (sum.defined()) result = sum;
  } else if (const auto* value = reader.value(part.measure)) {
    std::optional<Ratio> needed;
    if (part.needed.kind == Needed::Kind::Constant) needed = part.needed.value;
    if (part.needed.kind == Needed::Kind::Band) needed = reader.band(part.needed);
    if (part.needed.kind == Needed::Kind::TargetOrBand) {
      if (const auto target = reader.target(part.measure)) {
        needed = Ratio{base::Int128{*target}, 1};
      } else if (const auto share = reader.band(part.needed)) {
        const auto* over = reader.value(part.needed.over);
        const base::Int128 whole = over == nullptr ? 0 : over->numerator;
        needed = Ratio{(whole * share->numerator + share->denominator - 1) / share->denominator, 1};
      }
    }
    if (needed) result = needed->numerator == 0 ? Ratio{1, 1} : Ratio{value->numerator * needed->denominator, needed->numerator};
  }
  return base::at_least(result, {1, 1}) ? Ratio{1, 1} : result;
}

base::Int128 common_divisor(base::Int128 a, base::Int128 b) {
  while (b != 0) a = std::exchange(b, a % b);
  return a < 0 ? -a : a;
}

Ratio reduced(Ratio value) {
  const auto divisor = std::max<base::Int128>(1, common_divisor(value.numerator, value.denominator));
  return {value.numerator / divisor, value.denominator / divisor};
}

Ratio sum(const Ratio& a, const Ratio& b) {
  return reduced({a.numerator * b.denominator + b.numerator * a.denominator, a.denominator * b.denominator});
}

}  // namespace

std::optional<Points> points(const Plan& plan, Index indicator, std::uint32_t revision, const Snapshot& own,
                             const Snapshot& province) {
  const Reader reader(plan, indicator, own, province);
  const auto* ladder = plan.indicators[indicator].ladder(revision);
  if (ladder == nullptr || ladder->points.empty() || !reader.given(ladder->points_given)) return std::nullopt;
  Ratio total{0, 1};
  Ratio full{0, 1};
  for (const auto& part : ladder->points) {
    const auto share = reached(reader, part);
    total = sum(total, reduced({part.of.numerator * share.numerator, part.of.denominator * share.denominator}));
    full = sum(full, part.of);
  }
  return Points{base::two_decimals(total), base::to_string(full.numerator / full.denominator)};
}

}  // namespace tamroi::scoring
