// The facts of a unit, with their corrections; of a province with those of its districts.

#include <algorithm>
#include <charconv>

#include <boost/json.hpp>
#include <fmt/format.h>

#include "answer/answer.h"
#include "base/json.h"
#include "query/parameters.h"
#include "query/place.h"
#include "query/query.h"
#include "reporting/values.h"

namespace tamroi::query {
namespace {

namespace json = boost::json;
using base::Code;
using http::Response;
using reporting::FactVersion;
using Versions = std::span<const FactVersion>;

// A page that finds little ends all the same, with a cursor to go on from.
constexpr std::size_t looked_at_max = 100'000;

struct Filter {
  const catalogue::Plan& plan;
  const catalogue::Unit& unit;
  std::optional<std::string_view> type;
  std::optional<std::string_view> entity;
  std::optional<bool> live;

  [[nodiscard]] bool takes(const FactVersion& newest) const {
    if (!plan.units.within(newest.unit, unit.code)) return false;
    if ((type && newest.type != *type) || (live && newest.live != *live)) return false;
    return !entity || names(newest, *entity);
  }

 private:
  // Whether it registers or uses the entity.
  [[nodiscard]] bool names(const FactVersion& version, std::string_view name) const {
    const auto index = plan.fact_type(version.type);
    base::Json document;
    const auto values = document.parse(version.values);
    if (index == catalogue::none || !values) return false;
    return std::ranges::any_of(plan.fact_types[index].fields, [&](const catalogue::Field& field) {
      const auto value = field.kind == catalogue::FieldKind::Entity ? values->member(field.name) : base::JsonValue{};
      return value.is(base::JsonValue::Type::String) && value.text() == name;
    });
  }
};

// The fact as its versions say; those of a cut, if there are any.
json::object told(event::Stream stream, Versions versions) {
  const auto& newest = versions.front();
  const auto& first = versions.back();
  json::object fact{{"fact", newest.id.to_string()}, {"type", newest.type}, {"unit", newest.unit}, {"live", newest.live}, {"late", newest.late},
                    {"occurred_on", base::to_string(newest.occurred_on)}, {"values", json::parse(newest.values)},
                    {"position", answer::position({stream, first.written})}};
  json::array corrections;
  for (std::size_t i = versions.size() - 1; i-- > 0;) {
    const auto& version = versions[i];
    json::object correction{{"op", version.live ? "correct" : "withdraw"}, {"position", answer::position({stream, version.written})}};
    if (version.live) {
      correction["late"] = version.late;
      correction["occurred_on"] = base::to_string(version.occurred_on);
      correction["values"] = json::parse(version.values);
    }
    corrections.push_back(std::move(correction));
  }
  if (versions.size() > 1) {
    fact["recorded_as"] = json::object{{"late", first.late}, {"occurred_on", base::to_string(first.occurred_on)}, {"values", json::parse(first.values)}};
  }
  fact["corrections"] = std::move(corrections);
  return fact;
}

// Where a page goes on: 24:ID
struct Cursor {
  std::string province;
  base::Uuid id;
};

std::optional<Cursor> parse_cursor(std::string_view text) {
  const auto colon = text.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  const auto id = base::Uuid::parse(text.substr(colon + 1));
  return id ? std::optional(Cursor{std::string(text.substr(0, colon)), *id}) : std::nullopt;
}

}  // namespace

std::expected<Place, Response> Query::find_facts(const Request& request, const Match& match) {
  const auto as_of = as_of_of(request);
  if (!as_of) return std::unexpected(as_of.error());
  if (*as_of) return find_past(request, match, **as_of, {});
  auto place = find_place(projection_, match);
  if (!place) return place;
  if (auto revision = revision_of(request, *place->plan); !revision) return std::unexpected(std::move(revision.error()));
  return place;
}

Response Query::facts(const Actor&, const Request& request, const Match& match) {
  // The facts are the same under every revision.
  const auto place = find_facts(request, match);
  if (!place) return place.error();
  const auto limit = rows_of(request, page_rows_max_);
  if (!limit) return limit.error();
  Filter filter{*place->plan, *place->unit, request.parameter("type"), request.parameter("entity"), {}};
  if (filter.type && place->plan->fact_type(*filter.type) == catalogue::none) return bad_parameter("type", "The catalogue has no such fact type.");
  if (filter.entity && !reporting::is_entity_name(*filter.entity)) return bad_parameter("entity", "1 to 64 of A-Z, a-z, 0-9, dot, underscore and hyphen are expected.");
  if (const auto live = request.parameter("live")) {
    if (*live != "true" && *live != "false") return bad_parameter("live", "Either true or false is expected.");
    filter.live = *live == "true";
  }
  const auto given = request.parameter("cursor");
  const auto cursor = given ? parse_cursor(*given) : Cursor{};
  if (!cursor) return bad_parameter("cursor", "The cursor of an earlier page is expected.");

  json::array facts;
  std::optional<std::string> next;
  std::size_t looked_at = 0;
  for (const auto& point : place->provinces) {
    if (point.round == nullptr || point.province < cursor->province || next) continue;
    const auto stream = event::parse_stream(point.province).value();
    const auto from = point.province == cursor->province ? cursor->id : base::Uuid{};
    projection_.model().each_fact(stream, place->plan->round, from, [&](Versions versions) {
      if (facts.size() == *limit || ++looked_at > looked_at_max) {
        next = fmt::format("{}:{}", point.province, versions.front().id.to_string());
        return false;
      }
      const auto then = std::ranges::find_if(versions, [&](const auto& version) { return version.written < point.next; });
      const Versions known(then, versions.end());
      if (!known.empty() && filter.takes(known.front())) facts.push_back(told(stream, known));
      return true;
    });
  }
  json::object body{{"facts", std::move(facts)}, {"as_of", place->as_of()}};
  if (next) body["next_cursor"] = *next;
  return {200, "application/json", json::serialize(body), {}};
}

}  // namespace tamroi::query
