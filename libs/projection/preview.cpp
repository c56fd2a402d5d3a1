#include "projection/preview.h"

#include <algorithm>

#include "answer/preview.h"
#include "base/check.h"
#include "base/json.h"

namespace tamroi::projection {
namespace {

namespace json = boost::json;

// Regions and the ministry over a province, whose round would stand otherwise.
json::array above(const Projection& projection, const catalogue::Plan& plan, const std::string& province,
                  const std::shared_ptr<const answer::PublishedRound>& then) {
  json::array all;
  const auto& units = plan.units;
  for (auto over = units.find(province)->parent;; over = units.at(over).parent) {
    const auto& unit = units.at(over);
    answer::Provinces before;
    answer::Provinces after;
    for (const auto* each : projection.provinces()) {
      if (!units.within(each->province(), unit.code)) continue;
      const auto view = each->view();
      const auto found = view->rounds.find(plan.round);
      const bool open = found != view->rounds.end() && found->second->revision != 0;
      before.push_back(open ? found->second : nullptr);
      after.push_back(each->province() == province ? then : before.back());
    }
    auto difference = answer::merged_difference(plan, unit.code, before, after);
    if (!difference.is_null()) all.push_back(std::move(difference));
    if (unit.level == catalogue::Level::Ministry) return all;
  }
}

}  // namespace

json::object preview(Projection& projection, event::Stream stream, const event::Record& record) {
  const auto* province = projection.province(event::to_string(stream));
  CHECK(province != nullptr);
  json::object told{{"id", record.id.to_string()}};
  std::string round;
  std::shared_ptr<const answer::PublishedRound> then;
  province->with_copy([&](const ProvinceView& view, reporting::ProvinceFold& fold) {
    auto outcome = fold.step(record, view.next);
    answer::Cause cause = answer::cause(record, outcome);
    for (auto& [name, value] : answer::outcome(cause, outcome)) told.insert_or_assign(name, std::move(value));
    if (view.next > 0) told["computed_at"] = answer::position({stream, view.next - 1});
    round = outcome.round;
    const auto* state = fold.round(round);
    if (outcome.verdict == event::Verdict::Accepted) then = std::make_shared<answer::PublishedRound>(answer::published(*state));
  });
  told["above"] = then == nullptr ? json::array() : above(projection, *then->plan, province->province(), then);
  return told;
}

}  // namespace tamroi::projection
