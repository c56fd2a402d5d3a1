#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "catalogue/draft.h"

namespace tamroi::catalogue {
namespace {

class Linter {
 public:
  Linter(const Draft& draft, std::vector<Finding>& findings) : draft_(draft), plan_(draft.plan), findings_(findings) {}

  void lint();

 private:
  void lint_indicator(const Indicator& indicator);
  void lint_ladder(const Indicator& indicator, const Ladder& ladder);
  void lint_points(const Indicator& indicator);
  void lint_unused(const Indicator& indicator);
  void lint_table(Index table);
  void use(const Needed& needed);
  [[nodiscard]] std::optional<base::Ratio> most(const Measure& measure) const;
  void warn(const Indicator& indicator, std::size_t line, std::string why) {
    Reporter(fmt::format("indicator-{}.yaml", indicator.number), findings_).warning(line, std::move(why));
  }

  const Draft& draft_;
  const Plan& plan_;
  std::vector<Finding>& findings_;
  std::set<Index> used_;
  std::set<Index> used_tables_;
};

std::string shown(const base::Ratio& value, bool share) {
  return share ? base::percent(value) : base::to_string(value.numerator);
}

std::uint64_t choices(const Field& field, const Plan& plan) {
  if (field.kind == FieldKind::Choice) return plan.vocabularies[field.vocabulary].words.size();
  if (field.kind != FieldKind::Integer) return UINT64_MAX;
  return static_cast<std::uint64_t>(field.maximum - field.minimum) + 1;
}

// The highest value that a measure can ever have, where there is one.
std::optional<base::Ratio> Linter::most(const Measure& measure) const {
  if (measure.kind == Measure::Kind::Share) return base::Ratio{1, 1};
  if (measure.kind == Measure::Kind::Members) {
    const Domain& domain = measure.domain;
    if (domain.vocabulary == none || domain.entity_register != none || domain.districts) return std::nullopt;
    if (domain.period != PeriodKind::None) return std::nullopt;
    return base::Ratio{static_cast<base::Int128>(plan_.vocabularies[domain.vocabulary].words.size()), 1};
  }
  if (measure.kind != Measure::Kind::Distinct) return std::nullopt;
  const Term& term = plan_.terms[measure.terms[0]];
  const Field& field = plan_.fact_types[term.fact].fields[term.field];
  if (field.set && !term.elements) return std::nullopt;
  const std::uint64_t number = choices(field, plan_);
  return number == UINT64_MAX ? std::nullopt : std::optional(base::Ratio{static_cast<base::Int128>(number), 1});
}

void Linter::use(const Needed& needed) {
  for (const Index measure : {needed.by, needed.over}) used_.insert(measure);
  used_tables_.insert(needed.band);
}

void Linter::lint_ladder(const Indicator& indicator, const Ladder& ladder) {
  std::map<Index, std::pair<base::Ratio, std::uint32_t>> asked;  // per measure: how much, by which level
  for (const LadderLevel& level : ladder.levels) {
    const std::size_t line = draft_.level_lines.at({indicator.number, ladder.revision, level.level});
    for (const Criterion& criterion : level.criteria) {
      used_.insert(criterion.measure);
      used_.insert(criterion.given);
      use(criterion.needed);
      const Needed& needed = criterion.needed;
      if (criterion.measure == none || needed.kind != Needed::Kind::Constant) continue;
      const Measure& measure = plan_.measures[criterion.measure];
      const auto limit = most(measure);
      if (limit && !base::at_least(*limit, needed.value)) {
        warn(indicator, line,
             fmt::format("Level {} of revision {} cannot be reached: \"{}\" is never above {}, and {} is asked for.",
                         level.level, ladder.revision, measure.name, shown(*limit, needed.share),
                         shown(needed.value, needed.share)));
      }
      const auto below = asked.find(criterion.measure);
      if (below != asked.end() && !base::at_least(needed.value, below->second.first)) {
        warn(indicator, line,
             fmt::format("Level {} of revision {} asks for less of \"{}\" than level {}: {} instead of {}.",
                         level.level, ladder.revision, measure.name, below->second.second,
                         shown(needed.value, needed.share), shown(below->second.first, needed.share)));
        continue;
      }
      asked[criterion.measure] = {needed.value, level.level};
    }
  }
}

void Linter::lint_points(const Indicator& indicator) {
  if (indicator.ladders.empty() || indicator.ladders[0].points.empty()) return;
  const Ladder& ladder = indicator.ladders[0];
  base::Int128 hundredths = 0;
  used_.insert(ladder.points_given);
  for (const PointsPart& part : ladder.points) {
    hundredths += part.of.numerator * 100 / part.of.denominator;
    used_.insert(part.measure);
    used_.insert(part.shares.begin(), part.shares.end());
    use(part.needed);
  }
  if (hundredths != 10'000) {
    warn(indicator, 0,
         fmt::format("The parts of the points add up to {}, not to 100.", base::two_decimals({hundredths, 100})));
  }
}

void Linter::lint_unused(const Indicator& indicator) {
  for (const Index measure : indicator.measures) {
    if (used_.contains(measure)) continue;
    warn(indicator, draft_.measure_lines[measure],
         fmt::format("Measure \"{}\" is used by no criterion and no points.", plan_.measures[measure].name));
  }
}

void Linter::lint_table(Index index) {
  const BandTable& table = plan_.tables[index];
  const auto& [file, line] = draft_.table_places[index];
  Reporter reporter(file, findings_);
  const auto warning = [&](std::string why) {
    reporter.warning(line, fmt::format("Band table \"{}\": {}", table.name, why));
  };
  if (!used_tables_.contains(index)) warning("nothing uses it.");
  std::vector<Band> bands = table.bands;
  std::ranges::sort(bands, {}, &Band::first);
  if (bands.front().first > 1) warning(fmt::format("counts below {} are in no band.", bands.front().first));
  for (std::size_t i = 1; i < bands.size(); ++i) {
    const Band& before = bands[i - 1];
    if (bands[i].first <= before.last) {
      warning(fmt::format("the bands from {} and from {} overlap; the one listed first holds.", before.first,
                          bands[i].first));
    } else if (bands[i].first > before.last + 1) {
      warning(fmt::format("counts from {} to {} are in no band.", before.last + 1, bands[i].first - 1));
    }
  }
  const std::uint64_t last = std::ranges::max(bands, {}, &Band::last).last;
  if (last != UINT64_MAX) warning(fmt::format("counts above {} are in no band.", last));
  if (!table.share) return;
  for (const Band& band : bands) {
    if (!base::at_least({1, 1}, band.value))
      warning(fmt::format("{} can never be reached.", base::percent(band.value)));
  }
}

void Linter::lint_indicator(const Indicator& indicator) {
  for (const Ladder& ladder : indicator.ladders) lint_ladder(indicator, ladder);
  lint_points(indicator);
  lint_unused(indicator);
}

void Linter::lint() {
  for (const Indicator& indicator : plan_.indicators) lint_indicator(indicator);
  for (Index i = 0; i < plan_.tables.size(); ++i) lint_table(i);
}

}  // namespace

void lint(const Draft& draft, std::vector<Finding>& findings) { Linter(draft, findings).lint(); }

}  // namespace tamroi::catalogue
