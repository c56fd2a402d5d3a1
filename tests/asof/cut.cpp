#include "asof/cut.h"

#include <algorithm>

#include <boost/json.hpp>

#include "answer/answer.h"
#include "answer/roll_up.h"
#include "base/sha256.h"
#include "scoring/lacking.h"

namespace tamroi::asof {
namespace {

namespace json = boost::json;

answer::Provinces rounds_of(Country& country, const std::string& unit, json::object& as_of) {
  const auto& units = country.plan()->units;
  answer::Provinces rounds;
  json::object positions;
  base::Instant recorded_at;
  const auto* own = units.province_of(unit);
  for (const auto& [code, province] : country.provinces()) {
    if (own != nullptr ? own->code != code : !units.within(code, unit)) continue;
    const auto* round = province->round();
    rounds.push_back(round == nullptr ? nullptr : std::make_shared<answer::PublishedRound>(answer::published(*round)));
    if (round == nullptr) continue;
    positions[code] = province->folding.next() - 1;
    recorded_at = std::max(recorded_at, province->folding.fold().recorded_at());
  }
  as_of = {{"positions", std::move(positions)}, {"recorded_at", base::to_string(recorded_at)}, {"complete", true}};
  return rounds;
}

json::object version_told(const reporting::FactVersion& version) {
  return {{"late", version.late}, {"occurred_on", base::to_string(version.occurred_on)}, {"values", json::parse(version.values)}};
}

// A fact as the contract tells it, out of its versions, oldest first.
json::object fact_told(event::Stream stream, const std::vector<reporting::FactVersion>& versions) {
  const auto& first = versions.front();
  const auto& last = versions.back();
  auto fact = version_told(last);
  fact["fact"] = last.id.to_string();
  fact["type"] = last.type;
  fact["unit"] = last.unit;
  fact["live"] = last.live;
  fact["position"] = answer::position({stream, first.written});
  json::array corrections;
  for (auto version = versions.begin() + 1; version != versions.end(); ++version) {
    auto correction = version->live ? version_told(*version) : json::object{};
    correction["op"] = version->live ? "correct" : "withdraw";
    correction["position"] = answer::position({stream, version->written});
    corrections.push_back(std::move(correction));
  }
  if (versions.size() > 1) fact["recorded_as"] = version_told(first);
  fact["corrections"] = std::move(corrections);
  return fact;
}

// Members of objects in the order of their names, so that texts can be compared.
std::string canonical(const json::value& value) {
  if (value.is_array()) {
    std::string all = "[";
    for (const auto& each : value.as_array()) all += canonical(each) + ",";
    return all + "]";
  }
  if (!value.is_object()) return json::serialize(value);
  std::vector<std::string> members;
  for (const auto& [name, member] : value.as_object()) members.push_back(json::serialize(json::value(name)) + ":" + canonical(member));
  std::ranges::sort(members);
  std::string all = "{";
  for (const auto& member : members) all += member + ",";
  return all + "}";
}

std::string facts_digest(Country& country, const std::string& unit) {
  const auto& units = country.plan()->units;
  auto& province = country.province(units.province_of(unit)->code);
  std::string all;
  std::vector<reporting::FactVersion> versions;
  const auto tell = [&] {
    if (!versions.empty() && units.within(versions.back().unit, unit)) all += canonical(fact_told(province.stream, versions));
    versions.clear();
  };
  for (const auto* version : province.store.by_id("2565-2")) {
    if (!versions.empty() && versions.back().id != version->id) tell();
    versions.push_back(*version);
  }
  tell();
  return base::to_hex(base::sha256(all));
}

}  // namespace

std::string some_unit(Country& country, const std::string& province, std::mt19937_64& chance) {
  std::vector<std::string> codes;
  for (const auto& unit : country.plan()->units.all()) {
    if (province.empty() || country.plan()->units.within(unit.code, province)) codes.push_back(unit.code);
  }
  return codes[chance() % codes.size()];
}

void ask_everything(Country& country, const std::string& unit, const std::string& as_of, std::mt19937_64& chance, std::vector<Question>& questions) {
  const auto plan = country.plan();
  const auto indicator = static_cast<catalogue::Index>(chance() % plan->indicators.size());
  const auto number = plan->indicators[indicator].number;
  const std::uint32_t revision = chance() % 3;  // 0: that in force
  json::object reach;
  const auto rounds = rounds_of(country, unit, reach);
  const auto add = [&](const std::string& route, json::object body) {
    body["as_of"] = reach;
    questions.push_back({route, unit, number, revision, as_of, canonical(body)});
  };
  answer::View view{.revision = revision};
  const auto* own = plan->units.province_of(unit);
  if (own == nullptr) {
    add("results", answer::merged_results(*plan, unit, rounds, view));
    add("indicator", answer::merged_result(*plan, indicator, rounds, view));
  } else {
    const auto& state = *country.province(own->code).round();
    const auto& round = *rounds.front();
    const auto place = round.find(unit).value();
    add("results", answer::results(round, place, view));
    view.lacking = [&](std::size_t u, catalogue::Index measure) { return scoring::lacking(state.measures, u, measure); };
    add("indicator", answer::result(round, place, indicator, view));
    questions.push_back({"facts", unit, 0, 0, as_of, facts_digest(country, unit)});
  }
  if (own == nullptr || own->code == unit) add("levels", answer::levels(*plan, unit, indicator, rounds, {.revision = revision}));
}

http::Response ask(query::Query& query, const Question& question, const http::Pairs& more) {
  http::Request request;
  request.query = more;
  request.query.emplace_back("as_of", question.as_of);
  if (question.revision != 0) request.query.emplace_back("revision", std::to_string(question.revision));
  if (question.route == "levels") request.query.emplace_back("indicator", std::to_string(question.indicator));
  http::RouteMatch match{0, {{"round", "2565-2"}, {"unit", question.unit}}};
  if (question.route == "results") return query.results({}, request, match);
  if (question.route == "levels") return query.levels({}, request, match);
  if (question.route == "facts") return query.facts({}, request, match);
  match.parameters.emplace_back("indicator", std::to_string(question.indicator));
  return query.indicator({}, request, match);
}

std::string answered(query::Query& query, const Question& question) {
  const auto text = [](const http::Response& response) { return response.shared_body ? *response.shared_body : response.body; };
  if (question.route != "facts") {
    const auto response = ask(query, question);
    if (response.status != 200) return text(response);
    auto body = json::parse(text(response)).as_object();
    body.erase("fact_types");  // of the catalogue, whatever stands
    return canonical(body);
  }
  std::string all;
  http::Pairs page{{"limit", "1000"}};
  while (true) {
    const auto response = ask(query, question, page);
    if (response.status != 200) return text(response);
    const auto body = json::parse(text(response)).as_object();
    for (const auto& fact : body.at("facts").as_array()) all += canonical(fact);
    const auto* next = body.if_contains("next_cursor");
    if (next == nullptr) break;
    page = {{"limit", "1000"}, {"cursor", std::string(next->as_string())}};
  }
  return base::to_hex(base::sha256(all));
}

}  // namespace tamroi::asof
