#include "query/measures_then.h"

#include <algorithm>

#include "base/check.h"
#include "base/json.h"
#include "reporting/values.h"

namespace tamroi::query {
namespace {

// Nothing is taken back, so no runner-up is asked for.
class OnlyNewest final : public scoring::LatestIndex {
 public:
  void insert(const scoring::LatestCell&, const scoring::Latest&) override {}
  void erase(const scoring::LatestCell&, const scoring::Latest&) override { CHECK(false); }
  scoring::Latest newest(const scoring::LatestCell&) override { return {}; }
  void clear(const std::string&) override {}
};

struct LiveFact {
  base::Uuid id;
  catalogue::Index type;
  std::size_t unit;
  base::Date occurred_on;
  scoring::RecordedAt recorded;
  std::string values;
};

}  // namespace

std::unique_ptr<scoring::ProvinceRound> measures_then(readmodel::ReadModel& model, const Place& place, bool whole, std::uint32_t closed_months) {
  const auto& plan = *place.plan;
  const auto& point = place.own();
  auto measures = std::make_unique<scoring::ProvinceRound>(place.plan, point.province);
  std::vector<LiveFact> facts;
  model.each_fact(point.stream->stream(), plan.round, {}, [&](std::span<const reporting::FactVersion> versions) {
    const auto then = std::ranges::find_if(versions, [&](const auto& version) { return version.written < point.next; });
    if (then == versions.end() || !then->live) return true;
    const auto unit = measures->unit_of(then->unit).value();
    const bool counts = whole || place.within == 0 || unit == 0 || unit == place.within;
    if (counts) facts.push_back({then->id, plan.fact_type(then->type), unit, then->occurred_on, then->recorded, std::string(then->values)});
    return true;
  });
  OnlyNewest latest;
  measures->add_all([&](const scoring::ProvinceRound::Replay& add) {
    for (const auto& fact : facts) {
      base::Json document;
      const auto values = document.parse(fact.values);
      CHECK(values.has_value());
      const auto decoded = reporting::decode_values(plan, plan.fact_types.at(fact.type), *values);
      add({fact.type, fact.unit, fact.occurred_on, fact.recorded, decoded}, fact.id);
    }
  }, latest);
  if (closed_months > 0) measures->close_months(closed_months);
  return measures;
}

}  // namespace tamroi::query
