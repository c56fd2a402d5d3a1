#include <algorithm>

#include <fmt/format.h>

#include "catalogue/bundle.h"
#include "catalogue/render.h"
#include "catalogue/reporter.h"

namespace tamroi::catalogue {
namespace {

class Comparison {
 public:
  Comparison(const Plan& before, const Plan& next, std::vector<Finding>& findings)
      : before_(before), next_(next), findings_(findings) {}

  void compare();

 private:
  void compare_round();
  void compare_units();
  void compare_fact_type(const FactType& before);
  void compare_indicator(const Indicator& before);
  void compare_ladder(const Indicator& indicator, const Ladder& before, const Ladder& next, std::uint32_t revision);
  void differ(bool different, std::string_view file, const std::string& what) {
    if (different)
      Reporter(std::string(file), findings_).error(0, "Must not change, since it is in force: " + what + ".");
  }
  template <typename Part>
  [[nodiscard]] bool same(const std::vector<Part>& before, const std::vector<Part>& next) const {
    return std::ranges::equal(before, next,
                              [&](const Part& a, const Part& b) { return render(before_, a) == render(next_, b); });
  }

  const Plan& before_;
  const Plan& next_;
  std::vector<Finding>& findings_;
};

void Comparison::compare_round() {
  differ(before_.round != next_.round, "round.yaml", "the name of the round");
  differ(before_.first_day != next_.first_day || before_.last_day != next_.last_day, "round.yaml",
         "the time of the round");
  for (const Revision& revision : before_.revisions) {
    const Revision* now = next_.revision(revision.number);
    differ(now == nullptr || now->letter.number != revision.letter.number ||
               now->letter.issued_on != revision.letter.issued_on,
           "round.yaml", fmt::format("revision {}", revision.number));
  }
  for (const ReportDue& due : before_.reports) {
    const auto now = std::ranges::find(next_.reports, due.name, &ReportDue::name);
    differ(now == next_.reports.end() || now->day != due.day || now->first_month != due.first_month ||
               now->owed_by != due.owed_by,
           "round.yaml", fmt::format("report \"{}\"", due.name));
  }
  differ(next_.reports.size() > before_.reports.size(), "round.yaml", "the list of reports");
  if (before_.judgement.fact != none) {
    differ(render(before_, before_.judgement) != render(next_, next_.judgement), "round.yaml",
           "what judgement is bound to");
  }
  if (before_.evidence.fact != none) {
    differ(render(before_, before_.evidence) != render(next_, next_.evidence), "round.yaml",
           "what evidence is bound to");
  }
}

void Comparison::compare_units() {
  const auto& before = before_.units.all();
  const auto& next = next_.units.all();
  for (const Unit& unit : before) {
    const Unit* now = next_.units.find(unit.code);
    differ(now == nullptr || now->level != unit.level || next[now->parent].code != before[unit.parent].code,
           "units.csv", fmt::format("unit {}", unit.code));
  }
  for (const Unit& unit : next) {
    differ(before_.units.find(unit.code) == nullptr, "units.csv",
           fmt::format("the tree of units, which has no {}", unit.code));
  }
}

void Comparison::compare_fact_type(const FactType& before) {
  const Index index = next_.fact_type(before.name);
  if (index == none) return differ(true, "facts.yaml", fmt::format("fact type \"{}\"", before.name));
  const FactType& next = next_.fact_types[index];
  for (const Field& field : before.fields) {
    const auto now = std::ranges::find(next.fields, field.name, &Field::name);
    bool different = now == next.fields.end() || render(before_, field) != render(next_, *now);
    // A new indicator may be named by old types; nothing else may, and none may be taken away.
    if (!different) {
      for (const std::int64_t number : now->allowed) {
        const bool known = std::ranges::find(field.allowed, number) != field.allowed.end();
        different |= !known && before_.indicator_index(static_cast<std::uint32_t>(number)) != none;
      }
      for (const std::int64_t number : field.allowed) {
        different |= std::ranges::find(now->allowed, number) == now->allowed.end();
      }
    }
    differ(different, "facts.yaml", fmt::format("field \"{}\" of \"{}\"", field.name, before.name));
  }
  for (const Field& field : next.fields) {
    const bool added = std::ranges::find(before.fields, field.name, &Field::name) == before.fields.end();
    differ(added, "facts.yaml", fmt::format("fact type \"{}\", which has no field \"{}\"", before.name, field.name));
  }
  const bool kept = std::ranges::all_of(before.fields, [&](const Field& field) {
    return std::ranges::find(next.fields, field.name, &Field::name) != next.fields.end();
  });
  differ(kept && render_rules(before_, before) != render_rules(next_, next), "facts.yaml",
         fmt::format("what holds for \"{}\"", before.name));
}

void Comparison::compare_ladder(const Indicator& indicator, const Ladder& before, const Ladder& next,
                                std::uint32_t revision) {
  const std::string file = fmt::format("indicator-{}.yaml", indicator.number);
  for (std::size_t i = 0; i < before.levels.size(); ++i) {
    const std::string place = fmt::format("level {} of revision {}", i + 1, revision);
    differ(!same(before.levels[i].criteria, next.levels[i].criteria), file, "the criteria of " + place);
    differ(!same(before.levels[i].evidence, next.levels[i].evidence), file, "the evidence for " + place);
  }
  const auto given = [](const Plan& plan, const Ladder& ladder) {
    return ladder.points_given == none ? std::string() : plan.measures[ladder.points_given].name;
  };
  differ(!same(before.points, next.points) || given(before_, before) != given(next_, next), file,
         fmt::format("what points are given for under revision {}", revision));
}

void Comparison::compare_indicator(const Indicator& before) {
  const std::string file = fmt::format("indicator-{}.yaml", before.number);
  const Index index = next_.indicator_index(before.number);
  if (index == none) return differ(true, file, fmt::format("indicator {}", before.number));
  const Indicator& next = next_.indicators[index];
  differ(before.team != next.team, file, "whether one result holds for the whole province");
  differ(before.weight_hundredths != next.weight_hundredths, file, "the weight");
  for (const Index measure : before.measures) {
    const Measure& kept = before_.measures[measure];
    const auto now = std::ranges::find_if(next.measures, [&](Index i) { return next_.measures[i].name == kept.name; });
    differ(now == next.measures.end() || render(before_, kept) != render(next_, next_.measures[*now]), file,
           fmt::format("measure \"{}\"", kept.name));
  }
  for (const Revision& revision : before_.revisions) {
    const Ladder* old = before.ladder(revision.number);
    const Ladder* now = next.ladder(revision.number);
    if (old != nullptr && now != nullptr)
      compare_ladder(before, *old, *now, revision.number);
    else
      differ(old != now, file, fmt::format("revision {}", revision.number));
  }
}

void Comparison::compare() {
  compare_round();
  compare_units();
  for (const FactType& type : before_.fact_types) compare_fact_type(type);
  for (const Indicator& indicator : before_.indicators) compare_indicator(indicator);
  for (const auto& [number, word] : before_.nameable) {
    const std::string& name = before_.requirement_words[word];
    const bool kept = std::ranges::any_of(next_.nameable, [&](const auto& pair) {
      return pair.first == number && next_.requirement_words[pair.second] == name;
    });
    differ(!kept, fmt::format("indicator-{}.yaml", number), fmt::format("requirement \"{}\"", name));
  }
}

}  // namespace

std::vector<Finding> compare(const Plan& before, const Plan& next) {
  std::vector<Finding> findings;
  Comparison(before, next, findings).compare();
  return findings;
}

}  // namespace tamroi::catalogue
