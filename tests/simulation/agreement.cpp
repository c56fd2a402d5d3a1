#include "simulation/agreement.h"

#include <algorithm>

#include "reporting/decision.h"
#include "scoring/lacking.h"
#include "scoring/ladder.h"
#include "simulation/mismatch.h"

namespace tamroi::simulation {

using catalogue::Index;
using event::Figure;

namespace {

class Agreement {
 public:
  Agreement(const reporting::RoundState& state, const Model& model, const Reader& reader, Heights& heights)
      : round_(state.measures),
        plan_(state.plan()),
        model_(model),
        reader_(reader),
        heights_(heights),
        twin_(plan_, model.province, model.live, model.setting) {}

  void check() {
    for (std::size_t unit = 0; unit < round_.unit_count(); ++unit) {
      for (Index i = 0; i < plan_.indicators.size(); ++i) result(unit, i);
    }
    for (Index i = 0; i < plan_.indicators.size(); ++i) merged(i);
  }

 private:
  void result(std::size_t unit, Index i) {
    const auto& indicator = plan_.indicators[i];
    const auto& code = round_.unit_code(unit);
    name_ = fmt::format("{} {}", code, indicator.number);
    const auto& published = round_.published(unit, i);
    const auto current = round_.current(unit, i);
    figures(unit, i, published, "published");
    if (model_.opened) {
      figures(unit, i, current, "current");
      same(published, current);
    }
    known(code, indicator, published);
    if (unit == 0 || !indicator.team) evidence(twin_.evidence(code, indicator), published);
    standing(unit, i, published, current);
  }

  void evidence(const std::vector<bool>& present, const scoring::Snapshot& published) const {
    for (std::size_t bit = 0; bit < present.size(); ++bit) {
      require((published.evidence >> bit & 1) == present[bit], "{}: requirement {} is present: {}", name_, bit,
              present[bit]);
    }
  }

  void same(const scoring::Snapshot& published, const scoring::Snapshot& current) const {
    require(published.values == current.values && published.evidence == current.evidence &&
                published.targets == current.targets && published.judged == current.judged &&
                published.revision == current.revision,
            "{}: what is published is not what is current", name_);
  }

  void figures(std::size_t unit, Index i, const scoring::Snapshot& snapshot, std::string_view which) {
    const auto& measures = plan_.indicators[i].measures;
    require(snapshot.values.size() == measures.size(), "{}: measures are missing", name_);
    for (std::size_t m = 0; m < measures.size(); ++m) {
      const auto& value = snapshot.values[m];
      const auto expected = twin_.figure(round_.unit_code(unit), measures[m]);
      const auto& measure = plan_.measures[measures[m]].name;
      require((value.form != Figure::Form::Undefined) == expected.defined, "{}: {} {} is defined: {}", name_, which,
              measure, expected.defined);
      if (!expected.defined) continue;
      require((value.form == Figure::Form::Share) == expected.share, "{}: {} {} is a share: {}", name_, which, measure,
              expected.share);
      const bool equal =
          value.numerator == expected.numerator && (!expected.share || value.denominator == expected.denominator);
      require(equal, "{}: {} {} is {}/{}, the twin's {}/{}", name_, which, measure, base::to_string(value.numerator),
              base::to_string(value.denominator), base::to_string(expected.numerator),
              base::to_string(expected.denominator));
      lacking(unit, measures[m], expected);
    }
  }

  // Districts add up to the province, where a measure's members have a district each.
  void merged(Index i) const {
    using Kind = catalogue::Measure::Kind;
    const auto& measures = plan_.indicators[i].measures;
    for (std::size_t m = 0; m < measures.size(); ++m) {
      const auto& measure = plan_.measures[measures[m]];
      const auto& province = round_.published(0, i).values[m];
      const bool growth = measure.kind == Kind::Growth && measure.every_member && province.form == Figure::Form::Share;
      if (!measure.domain.additive() || !(measure.kind == Kind::Share || measure.kind == Kind::Members || growth))
        continue;
      base::Ratio sum{0, 0};
      for (std::size_t unit = 1; unit < round_.unit_count(); ++unit) {
        const auto& value = round_.published(unit, i).values[m];
        sum.numerator += value.numerator;
        sum.denominator += value.denominator;
      }
      require(sum == base::Ratio{province.numerator, province.denominator},
              "{}: {} of the districts is not the province's", i, measure.name);
    }
  }

  // Whoever is missing from a share is named.
  void lacking(std::size_t unit, Index m, const TwinFigure& figure) const {
    const auto& measure = plan_.measures[m];
    if (measure.kind != catalogue::Measure::Kind::Share) return;
    const auto lacking = scoring::lacking(round_, unit, m);
    const auto total = static_cast<base::Int128>(lacking.total);
    require(total == figure.denominator - figure.numerator, "{}: {} lack {}", name_, base::to_string(total),
            measure.name);
    require(lacking.first.size() == std::min<std::uint64_t>(lacking.total, scoring::lacking_max),
            "{}: {} of them are named", name_, lacking.first.size());
  }

  void known(const std::string& unit, const catalogue::Indicator& indicator, const scoring::Snapshot& published) const {
    const auto& known = reader_.known(unit, indicator.number);
    require(known.standing == published.standing, "{}: the changes do not lead to the standing", name_);
    for (std::size_t m = 0; m < indicator.measures.size(); ++m) {
      const auto figure = scoring::figure(plan_, indicator.measures[m], published.values[m]);
      require(figure.same_value(known.figures.at(figure.measure)), "{}: the changes do not lead to {}", name_,
              figure.measure);
    }
    for (const auto measure : indicator.measures) {
      const auto target = model_.setting.targets.find({unit, indicator.number, plan_.measures[measure].name});
      const auto found = std::ranges::find(published.targets, measure, &std::pair<Index, std::uint64_t>::first);
      require((found == published.targets.end()) == (target == model_.setting.targets.end()),
              "{}: a target is missing or too much", name_);
      require(found == published.targets.end() || found->second == target->second, "{}: the target is another", name_);
    }
    for (std::uint32_t level = 1; level <= 5; ++level) {
      const bool judged = plan_.judgement.fact != catalogue::none && twin_.judged(unit, indicator.number, level);
      require((published.judged >> level & 1) == judged, "{}: the judgement of level {}", name_, level);
    }
  }

  void standing(std::size_t unit, Index i, const scoring::Snapshot& published, const scoring::Snapshot& own) {
    const auto& indicator = plan_.indicators[i];
    const auto& code = round_.unit_code(unit);
    const auto province = round_.current(0, i);
    const auto& looked_at = indicator.team ? province : own;
    for (const auto& revision : plan_.revisions) {
      const auto expected = twin_.standing(code, indicator, revision.number);
      const event::Standing wanted{expected.level, expected.evidenced_level, expected.score};
      require(scoring::stand(plan_, i, revision.number, looked_at, province) == wanted,
              "{}: the standing under revision {}: level {}, evidenced {}", name_, revision.number, wanted.level,
              wanted.evidenced_level);
      if (model_.setting.revision == revision.number) {
        require(published.standing == wanted, "{}: published is level {}, evidenced {}; the twin's {}, {}", name_,
                published.standing.level, published.standing.evidenced_level, wanted.level, wanted.evidenced_level);
      }
      if (unit == 0 || !indicator.team) ++heights_[{indicator.number, revision.number, wanted.level}];
      explained(i, revision.number, looked_at, province, wanted);
      points(code, unit, i, revision.number, own, province);
    }
    require(model_.opened || published.standing == event::Standing{}, "{}: it stands somewhere before the opening",
            name_);
    require(published.revision == model_.setting.revision, "{}: the revision in force", name_);
  }

  void explained(Index i, std::uint32_t revision, const scoring::Snapshot& own, const scoring::Snapshot& province,
                 const event::Standing& standing) const {
    std::uint32_t counting = 0;
    std::uint32_t evidenced = 0;
    bool all = true;
    for (const auto& level : scoring::explain(plan_, i, revision, own, province)) {
      if (level.counts) counting = level.level;
      all = all && level.counts && std::ranges::all_of(level.evidence, &std::pair<std::string, bool>::second);
      if (all) evidenced = level.level;
    }
    require(counting == standing.level && evidenced == standing.evidenced_level, "{}: explained is another level",
            name_);
  }

  void points(const std::string& code, std::size_t unit, Index i, std::uint32_t revision, const scoring::Snapshot& own,
              const scoring::Snapshot& province) const {
    if (plan_.indicators[i].team && unit != 0) return;
    const auto points = scoring::points(plan_, i, revision, own, province);
    const auto expected = twin_.points(code, plan_.indicators[i], revision);
    require(points.has_value() == expected.has_value(), "{}: there are points: {}", name_, expected.has_value());
    if (!expected) return;
    const auto shown = fmt::format("{}.{:02}", *expected / 100, *expected % 100);
    require(points->value == shown, "{}: {} points, the twin's {}", name_, points->value, shown);
  }

  const scoring::ProvinceRound& round_;
  const catalogue::Plan& plan_;
  const Model& model_;
  const Reader& reader_;
  Heights& heights_;
  Twin twin_;
  std::string name_;
};

void require_facts(const reporting::RoundState& state, reporting::MemoryStore& store, const Model& model) {
  const auto& round = state.plan().round;
  for (const auto& fact : model.live) {
    const auto name = fact.id.to_string();
    const auto stored = store.fact(round, fact.id);
    require(stored && stored->live, "fact {} is not there", name);
    require(stored->unit == fact.unit && stored->type == fact.type && stored->occurred_on == fact.occurred_on,
            "fact {} is another", name);
    require(stored->late == fact.late, "fact {} is late: {}", name, fact.late);
    require(stored->recorded == scoring::RecordedAt{fact.offset, fact.entry}, "fact {} was recorded elsewhere", name);
    require(boost::json::parse(stored->values) == boost::json::value(fact.values), "fact {} has other values", name);
  }
  for (const auto& [id, unit] : model.withdrawn) {
    const auto stored = store.fact(round, id);
    require(stored && !stored->live && stored->unit == unit, "fact {} is not withdrawn", id.to_string());
  }
  std::size_t live = 0;
  store.for_each_live(round, [&](const reporting::FactVersion&) { ++live; });
  require(live == model.live.size(), "{} facts are live, not {}", live, model.live.size());
  for (std::size_t unit = 0; unit < state.measures.unit_count(); ++unit) {
    const auto& code = state.measures.unit_code(unit);
    const auto version = model.versions.find(code);
    require(reporting::version_of(state, code) == (version == model.versions.end() ? 0 : version->second),
            "the version of {}", code);
  }
}

}  // namespace

void require_agreement(const reporting::RoundState& state, reporting::MemoryStore& store, const Model& model,
                       const Reader& reader, Heights& heights) {
  Agreement(state, model, reader, heights).check();
  require_facts(state, store, model);
}

}  // namespace tamroi::simulation
