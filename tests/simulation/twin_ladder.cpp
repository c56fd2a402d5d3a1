// Levels, evidence and points, recomputed.
#include <algorithm>

#include "simulation/twin.h"

namespace tamroi::simulation {

using base::Int128;
using base::Ratio;
using catalogue::Index;
using catalogue::Needed;
using catalogue::none;

std::vector<bool> Twin::evidence(const std::string& unit, const catalogue::Indicator& indicator) const {
  const auto& looked_at = indicator.team ? province_ : unit;
  std::vector<bool> present;
  for (const auto& level : indicator.ladders.front().levels) {
    for (const auto& requirement : level.evidence) {
      present.push_back(std::ranges::any_of(requirement.measures, [&](Index measure) {
        const auto value = figure(looked_at, measure);
        return value.defined && (value.share ? value.numerator == value.denominator : value.numerator > 0);
      }));
    }
  }
  return present;
}

bool Twin::judged(const std::string& unit, std::uint32_t indicator, std::uint32_t level) const {
  const auto& binding = plan_.judgement;
  const Decoded* last = nullptr;
  const auto order = [](const Decoded* d) { return std::tuple(d->fact->occurred_on, d->fact->offset, d->fact->entry); };
  for (const auto& fact : facts_) {
    if (fact.type != binding.fact ||
        plan_.units.at(static_cast<std::size_t>(fact.values[binding.unit].number)).code != unit)
      continue;
    if (fact.values[binding.indicator].number != indicator || fact.values[binding.level].number != level) continue;
    if (last == nullptr || order(last) < order(&fact)) last = &fact;
  }
  return last != nullptr && last->values[binding.met].number == 1;
}

std::optional<Ratio> Twin::band(const std::string& unit, const Needed& needed) const {
  const auto by = figure(needed.by_parent ? province_ : unit, needed.by);
  if (!by.defined) return std::nullopt;
  for (const auto& row : plan_.tables[needed.band].bands) {
    if (Int128{row.first} <= by.numerator && by.numerator <= Int128{row.last}) return row.value;
  }
  return std::nullopt;
}

std::optional<std::uint64_t> Twin::target(const std::string& unit, Index measure) const {
  const auto found = setting_.targets.find(
      {unit, plan_.indicators[plan_.measures[measure].indicator].number, plan_.measures[measure].name});
  if (found == setting_.targets.end()) return std::nullopt;
  return found->second;
}

bool Twin::met(const std::string& unit, const catalogue::Indicator& indicator, std::uint32_t level,
               const catalogue::Criterion& criterion) const {
  if (criterion.given != none) {
    const auto given = figure(unit, criterion.given);
    if (!given.defined || given.numerator < 1) return false;
  }
  if (criterion.kind == catalogue::Criterion::Kind::Judged) return judged(unit, indicator.number, level);
  auto value = figure(unit, criterion.measure);
  const auto& needed = criterion.needed;
  std::optional<Ratio> least = needed.value;
  if (needed.kind == Needed::Kind::Band) least = band(unit, needed);
  if (needed.kind == Needed::Kind::TargetOrBand) {
    if (const auto set = target(unit, criterion.measure)) {
      least = Ratio{Int128{*set}, 1};
    } else {
      const auto over = figure(unit, needed.over);
      least = band(unit, needed);
      value = {value.defined && over.defined && over.numerator > 0, true, value.numerator, over.numerator};
    }
  }
  if (!value.defined) return criterion.or_undefined;
  return least && value.numerator * least->denominator >= least->numerator * value.denominator;
}

TwinStanding Twin::standing(const std::string& unit, const catalogue::Indicator& indicator,
                            std::uint32_t revision) const {
  const auto& looked_at = indicator.team ? province_ : unit;
  const auto* ladder = indicator.ladder(revision);
  TwinStanding result;
  if (ladder == nullptr) return result;
  for (const auto& level : ladder->levels) {
    const bool all =
        std::ranges::all_of(level.criteria, [&](const auto& c) { return met(looked_at, indicator, level.level, c); });
    if (!all) break;
    result.level = level.level;
  }
  const auto present = evidence(unit, indicator);
  std::size_t next = 0;
  for (const auto& level : ladder->levels) {
    bool all = true;
    for (std::size_t i = 0; i < level.evidence.size(); ++i) all = present[next++] && all;
    if (!all || level.level > result.level) break;
    result.evidenced_level = level.level;
  }
  result.score = std::int64_t{result.level} * indicator.weight_hundredths * 100 / 5;
  return result;
}

std::optional<Ratio> Twin::whole_needed(const std::string& unit, const catalogue::PointsPart& part) const {
  const auto& needed = part.needed;
  if (needed.kind == Needed::Kind::Constant) return needed.value;
  if (needed.kind == Needed::Kind::Band) return band(unit, needed);
  if (const auto set = target(unit, part.measure)) return Ratio{Int128{*set}, 1};
  const auto share = band(unit, needed);
  if (!share) return std::nullopt;
  const auto exact = figure(unit, needed.over).numerator * share->numerator;
  return Ratio{exact / share->denominator + (exact % share->denominator > 0 ? 1 : 0), 1};
}

std::optional<std::int64_t> Twin::points(const std::string& unit, const catalogue::Indicator& indicator,
                                         std::uint32_t revision) const {
  const auto* ladder = indicator.ladder(revision);
  if (ladder == nullptr || ladder->points.empty()) return std::nullopt;
  if (ladder->points_given != none && figure(unit, ladder->points_given).numerator < 1) return std::nullopt;
  Int128 numerator = 0;
  Int128 denominator = 1;
  for (const auto& part : ladder->points) {
    Int128 reached = 0;
    Int128 full = 0;
    for (const auto share : part.shares) {
      const auto value = figure(unit, share);
      if (!value.defined) continue;
      reached += value.numerator;
      full += value.denominator;
    }
    if (part.shares.empty()) {
      const auto needed = whole_needed(unit, part);
      if (!needed) continue;
      reached = figure(unit, part.measure).numerator * needed->denominator;
      full = needed->numerator;
    } else if (full == 0) {
      continue;
    }
    if (reached >= full) reached = full = 1;
    const Int128 down = full * part.of.denominator;
    numerator = numerator * down + part.of.numerator * reached * denominator;
    denominator *= down;
  }
  return static_cast<std::int64_t>((numerator * 200 + denominator) / (denominator * 2));
}

}  // namespace tamroi::simulation
