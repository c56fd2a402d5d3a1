#include "simulation/reader.h"

#include <algorithm>
#include <set>

#include "simulation/mismatch.h"
#include "simulation/twin.h"

namespace tamroi::simulation {

using event::Figure;

void Reader::use(const catalogue::Plan& plan) {
  const std::vector<LiveFact> no_facts;
  const Twin twin(plan, province_, no_facts, {});
  for (const auto& indicator : plan.indicators) {
    for (const auto& unit : twin.units()) {
      const bool added = !known_.contains({unit, indicator.number});
      auto& figures = known_[{unit, indicator.number}].figures;
      for (const auto measure : indicator.measures) {
        const auto& name = plan.measures[measure].name;
        if (figures.contains(name)) continue;
        const auto value = added ? twin.figure(unit, measure) : TwinFigure{};
        figures[name] = {name, Figure::Form::Undefined, 0, 0, {}};
        if (!value.defined) continue;
        figures[name].form = value.share ? Figure::Form::Share : Figure::Form::Count;
        figures[name].numerator = value.numerator;
        figures[name].denominator = value.share ? value.denominator : 0;
      }
    }
  }
}

void Reader::read(const event::Change& change, const event::Outcome& outcome) {
  const auto name = fmt::format("change of {} {}", change.unit, change.indicator);
  const auto found = known_.find({change.unit, change.indicator});
  require(found != known_.end(), "{}: nobody knows that result", name);
  auto& known = found->second;
  require(change.before == known.standing, "{}: its before is not the after of the one before it", name);
  require(change.before != change.after || !change.measures.empty(), "{}: nothing changes", name);
  std::set<std::string> seen;
  for (const auto& [before, after] : change.measures) {
    const auto figure = known.figures.find(before.measure);
    require(before.measure == after.measure && figure != known.figures.end(), "{}: {} is no measure of it", name,
            before.measure);
    require(seen.insert(before.measure).second, "{}: {} stands twice", name, before.measure);
    require(before.same_value(figure->second), "{}: {} before is not what it was", name, before.measure);
    require(!before.same_value(after), "{}: {} does not differ", name, before.measure);
    figure->second = after;
  }
  known.standing = change.after;
  known.last_change = outcome.position;
  ++changes_;
}

void Reader::read(const event::HistoryRow& row, const event::Outcome& outcome) {
  const auto name = fmt::format("row of {} {}", row.unit, row.indicator);
  const auto found = known_.find({row.unit, row.indicator});
  require(found != known_.end(), "{}: nobody knows that result", name);
  auto& known = found->second;
  const auto changed = std::ranges::find_if(outcome.changes, [&](const event::Change& change) {
    return change.unit == row.unit && change.indicator == row.indicator;
  });
  require(row.changed == (changed != outcome.changes.end()), "{}: whether it is a change is said wrongly", name);
  require(!row.changed || changed->revision == row.revision, "{}: the change is under another revision", name);
  require(row.standing == known.standing, "{}: the standing does not follow from the changes", name);
  require(row.last_change == known.last_change, "{}: the last change is another", name);
  for (const auto& figure : row.figures) {
    const auto there = known.figures.find(figure.measure);
    require(there != known.figures.end() && there->second.same_value(figure), "{}: {} does not follow from the changes",
            name, figure.measure);
  }
  require(row.figures.size() == known.figures.size(), "{}: not every measure is there", name);
  if (known.row) {
    auto before = *known.row;
    before.changed = row.changed;
    before.last_change = row.last_change;
    require(before != row, "{}: it says what the one before it said ({} verdict {})", name, outcome.control_number,
            static_cast<int>(outcome.verdict));
  }
  known.row = row;
}

void Reader::read(const event::Outcome& outcome) {
  const bool concludes = outcome.verdict == event::Verdict::Accepted || outcome.verdict == event::Verdict::Applied;
  require(concludes || (outcome.changes.empty() && outcome.rows.empty()), "a record that is not accepted has results");
  require((outcome.verdict == event::Verdict::Rejected) == (outcome.problems_total > 0),
          "rejected and without problems, or the other way");
  std::set<std::pair<std::string, std::uint32_t>> changed;
  std::set<std::pair<std::string, std::uint32_t>> written;
  for (const auto& change : outcome.changes) {
    require(changed.insert({change.unit, change.indicator}).second, "{} {} changes twice at once", change.unit,
            change.indicator);
    read(change, outcome);
  }
  for (const auto& row : outcome.rows) {
    require(written.insert({row.unit, row.indicator}).second, "{} {} has two rows at once", row.unit, row.indicator);
    read(row, outcome);
  }
  require(std::ranges::includes(written, changed), "a change has no row");
}

}  // namespace tamroi::simulation
