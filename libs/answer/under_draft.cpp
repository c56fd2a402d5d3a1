#include "answer/under_draft.h"

#include <map>

#include "answer/answer.h"

namespace tamroi::answer {
namespace {

json::object standing(const event::Standing& standing, std::uint32_t revision) {
  return {{"level", standing.level}, {"evidenced_level", standing.evidenced_level}, {"score", score(standing.score)}, {"revision", revision}};
}

// The measures that both have and that differ, and those that only one has.
struct Result {
  const PublishedRound& round;
  std::size_t unit;
  catalogue::Index indicator;
};
json::object moved_measures(const Result& before, const Result& after) {
  const auto told = [](const Result& result) {
    const auto& [round, unit, indicator] = result;
    std::map<std::string, event::Figure> figures;
    for (std::size_t i = 0; i < round.plan->indicators[indicator].measures.size(); ++i) {
      auto one = figure_of(round, unit, indicator, i);
      figures.emplace(one.measure, one);
    }
    return figures;
  };
  const auto earlier = told(before);
  json::object moved;
  for (const auto& [name, one] : told(after)) {
    const auto known = earlier.find(name);
    if (known != earlier.end() && known->second.same_value(one)) continue;
    json::object measure{{"after", figure(one)}};
    if (known != earlier.end()) measure["before"] = figure(known->second);
    moved[name] = std::move(measure);
  }
  return moved;
}

}  // namespace

catalogue::Compiled DraftedPlans::compile(const catalogue::Bundle& bundle) {
  auto compiled = published_->compile(bundle);
  if (compiled.plan == latest_) compiled.plan = draft_;
  return compiled;
}

std::shared_ptr<const PublishedRound> UnderDraft::round(const std::string& name) const {
  const auto* state = fold_.round(name);
  return state != nullptr && state->opened ? std::make_shared<PublishedRound>(published(*state)) : nullptr;
}

json::array moves(const PublishedRound& before, const PublishedRound& after, std::uint32_t revision) {
  json::array all;
  const auto in = [&](const PublishedRound& round) { return revision != 0 && round.plan->revision(revision) != nullptr ? revision : round.revision; };
  for (std::size_t unit = 0; unit < after.units.size(); ++unit) {
    for (catalogue::Index is = 0; is < after.plan->indicators.size(); ++is) {
      const auto number = after.plan->indicators[is].number;
      // A draft may have units and indicators of its own, and so another order of them.
      const auto place = before.find(after.units[unit].code);
      const auto was = place ? before.plan->indicator_index(number) : catalogue::none;
      json::object move{{"unit", after.units[unit].code}, {"indicator", number}};
      const auto now = standing_of(after, unit, is, {.revision = in(after)});
      const auto earlier = was == catalogue::none ? event::Standing{} : standing_of(before, *place, was, {.revision = in(before)});
      auto measures = was == catalogue::none ? json::object{} : moved_measures({before, *place, was}, {after, unit, is});
      const bool judged_otherwise = place && before.units[*place].version != after.units[unit].version;
      if (was != catalogue::none && now == earlier && measures.empty() && !judged_otherwise) continue;
      move["before"] = standing(earlier, in(before));
      move["after"] = standing(now, in(after));
      move["measures"] = std::move(measures);
      if (judged_otherwise) move["accepted"] = json::object{{"before", before.units[*place].version}, {"after", after.units[unit].version}};
      all.push_back(std::move(move));
    }
  }
  return all;
}

}  // namespace tamroi::answer
