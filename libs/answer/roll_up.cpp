#include "answer/roll_up.h"

#include <algorithm>
#include <array>
#include <optional>
#include <set>

#include <fmt/format.h>

#include "answer/answer.h"

namespace tamroi::answer {
namespace {

using base::Int128;
using catalogue::Index;
using event::Figure;

// A measure merged from the provinces where it is defined; nothing where it is not given above a province.
std::optional<json::object> merged(const catalogue::Plan& plan, Index indicator, std::size_t i, const Provinces& provinces) {
  const auto measure = plan.indicators[indicator].measures[i];
  if (!plan.measures[measure].adds_up) return std::nullopt;
  Figure sum{plan.measures[measure].name, Figure::Form::Undefined, 0, 0, "it is defined in none of the provinces"};
  std::uint64_t defined = 0;
  bool share = plan.measures[measure].kind == catalogue::Measure::Kind::Share || plan.measures[measure].kind == catalogue::Measure::Kind::Growth;
  for (const auto& province : provinces) {
    if (province == nullptr) continue;
    const auto& value = province->of(0, indicator).values[i];
    if (value.form == Figure::Form::Undefined) continue;
    sum.form = value.form;
    sum.numerator += value.numerator;
    sum.denominator += value.denominator;
    ++defined;
  }
  if (!share && sum.form == Figure::Form::Undefined) sum.form = Figure::Form::Count;
  auto object = figure(sum);
  if (share) object["defined_in"] = json::object{{"count", defined}, {"of", provinces.size()}};
  return object;
}

struct Standings {
  std::vector<std::string> districts;
  std::vector<std::string> provinces;
};

json::object counted(std::vector<std::string>& units) {
  std::ranges::sort(units);
  return {{"count", units.size()}, {"units", json::array(units.begin(), units.end())}};
}

}  // namespace

json::object merged_result(const catalogue::Plan& plan, Index indicator, const Provinces& provinces, const View& view) {
  const auto& about = plan.indicators[indicator];
  json::object measures;
  for (std::size_t i = 0; i < about.measures.size(); ++i) {
    if (auto one = merged(plan, indicator, i, provinces)) measures[plan.measures[about.measures[i]].name] = std::move(*one);
  }
  json::object result{{"indicator", about.number}, {"weight", weight(about.weight_hundredths)}, {"measures", std::move(measures)}};
  std::set<std::uint32_t> revisions;
  for (const auto& province : provinces) revisions.insert(province == nullptr ? 0 : view.revision == 0 ? province->revision : view.revision);
  if (revisions.size() == 1 && *revisions.begin() != 0) result["revision"] = *revisions.begin();
  return result;
}

json::object merged_results(const catalogue::Plan& plan, std::string_view unit, const Provinces& provinces, const View& view) {
  Int128 total = 0;
  std::int64_t of = 0;
  json::array indicators;
  for (Index i = 0; i < plan.indicators.size(); ++i) {
    indicators.push_back(merged_result(plan, i, provinces, view));
    of += plan.indicators[i].weight_hundredths;
    for (const auto& province : provinces) total += province == nullptr ? 0 : standing_of(*province, 0, i, view).score;
  }
  const auto mean = base::two_decimals({total, Int128{10'000} * static_cast<std::int64_t>(std::max<std::size_t>(1, provinces.size()))});
  return {{"unit", unit}, {"round", plan.round}, {"score", json::object{{"value", mean}, {"of", weight(of)}}}, {"indicators", std::move(indicators)}};
}

json::object levels(const catalogue::Plan& plan, std::string_view unit, Index indicator, const Provinces& provinces, const View& view) {
  std::array<Standings, 6> standings;
  for (const auto& province : provinces) {
    if (province == nullptr) continue;
    for (std::size_t u = 0; u < province->units.size(); ++u) {
      auto& level = standings.at(standing_of(*province, u, indicator, view).level);
      (u == 0 ? level.provinces : level.districts).push_back(province->units[u].code);
    }
  }
  json::array all;
  for (std::size_t level = 0; level < standings.size(); ++level) {
    all.push_back({{"level", level}, {"districts", counted(standings[level].districts)}, {"provinces", counted(standings[level].provinces)}});
  }
  return {{"unit", unit}, {"round", plan.round}, {"indicator", plan.indicators[indicator].number}, {"levels", std::move(all)}};
}

}  // namespace tamroi::answer
