#include "answer/preview.h"

namespace tamroi::answer {

namespace json = boost::json;

json::value merged_difference(const catalogue::Plan& plan, std::string_view unit, const Provinces& before, const Provinces& after) {
  const auto was = merged_results(plan, unit, before);
  const auto is = merged_results(plan, unit, after);
  json::array indicators;
  for (std::size_t i = 0; i < plan.indicators.size(); ++i) {
    const auto& measures_before = was.at("indicators").at(i).at("measures").as_object();
    json::object moved;
    for (const auto& [name, figure] : is.at("indicators").at(i).at("measures").as_object()) {
      const auto& earlier = measures_before.at(name);
      if (earlier != figure) moved[name] = json::object{{"before", earlier}, {"after", figure}};
    }
    if (!moved.empty()) indicators.push_back({{"indicator", plan.indicators[i].number}, {"measures", std::move(moved)}});
  }
  const auto& score_before = was.at("score").at("value");
  const auto& score_after = is.at("score").at("value");
  if (indicators.empty() && score_before == score_after) return nullptr;
  return json::object{{"unit", unit}, {"score", json::object{{"before", score_before}, {"after", score_after}}}, {"indicators", std::move(indicators)}};
}

}  // namespace tamroi::answer
