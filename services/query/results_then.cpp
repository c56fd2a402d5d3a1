// Results, indicators and levels as of a cut of the past.

#include <boost/json.hpp>
#include <fmt/format.h>

#include "query/measures_then.h"
#include "query/parameters.h"
#include "query/query.h"
#include "query/told.h"
#include "scoring/lacking.h"

namespace tamroi::query {
namespace {

namespace json = boost::json;
using http::Response;

// What is asked for, word by word: the same answer for ever, once it is complete.
std::string asked_then(std::string_view kind, const http::Request& request, const http::RouteMatch& match) {
  const auto said = [&](std::string_view name) { return request.parameter(name).value_or(""); };
  return fmt::format("{} {} {} as of {} {} {} {}", kind, match.parameter("round"), match.parameter("unit"), said("as_of"), said("revision"),
                     said("indicator"), said("fold"));
}

}  // namespace

std::expected<Place, Response> Query::find_past(const Request& request, const Match& match, const projection::AsOf& as_of, Wanted wanted) {
  const auto revision = number_of(request, "revision", 0, 1, UINT32_MAX);
  if (!revision) return std::unexpected(revision.error());
  const auto figures = figures_of(request);
  if (!figures) return std::unexpected(figures.error());
  wanted.revision = static_cast<std::uint32_t>(*revision);
  wanted.figures = *figures;
  auto place = find_place(projection_, match);
  if (!place) return std::unexpected(std::move(place.error()));
  if (auto refused = past_.go_back(*place, as_of, wanted)) return std::unexpected(std::move(*refused));
  return place;
}

Response Query::results_then(const Request& request, const Match& match, const projection::AsOf& as_of) {
  const auto asked = asked_then("results", request, match);
  if (auto told = cache_.find(asked, {})) return found(std::move(told));
  const auto place = find_past(request, match, as_of, {});
  if (!place) return place.error();
  auto body = results_of(*place, {.revision = revision_of(request, *place->plan).value()});
  body["as_of"] = place->as_of();
  auto told = std::make_shared<const std::string>(json::serialize(body));
  if (place->complete) cache_.keep(asked, {}, told);
  return found(std::move(told));
}

Response Query::indicator_then(const Request& request, const Match& match, const projection::AsOf& as_of) {
  const auto place = find_past(request, match, as_of, {.indicator = match.parameter("indicator")});
  if (!place) return place.error();
  const auto indicator = find_indicator(*place->plan, match.parameter("indicator")).value();
  answer::View view{.revision = revision_of(request, *place->plan).value()};
  json::object body;
  if (place->merged()) {
    body = answer::merged_result(*place->plan, indicator, place->rounds(), view);
  } else {
    const auto published = projection_.control().published();
    std::unique_ptr<scoring::ProvinceRound> measures;
    view.lacking = [&](std::size_t unit, catalogue::Index measure) {
      const auto closed_months = closed_months_at(*published, place->plan->round, place->own());
      if (measures == nullptr) measures = measures_then(projection_.model(), *place, unit != place->within, closed_months);
      return scoring::lacking(*measures, unit, measure);
    };
    body = answer::result(*place->own().round, place->within, indicator, view);
  }
  body["fact_types"] = answer::fact_types(*place->plan, indicator);
  body["as_of"] = place->as_of();
  return found(body);
}

Response Query::levels_then(const Request& request, const Match& match, const projection::AsOf& as_of) {
  const auto asked = asked_then("levels", request, match);
  if (auto told = cache_.find(asked, {})) return found(std::move(told));
  const auto here = find_place(projection_, match);
  if (!here) return here.error();
  if (auto refused = levels_refused(*here, request)) return std::move(*refused);
  const auto number = *request.parameter("indicator");
  if (!find_indicator(*here->plan, number)) return bad_parameter("indicator", "The round has no such indicator.");
  const auto place = find_past(request, match, as_of, {.indicator = number, .districts = true});
  if (!place) return place.error();
  const answer::View view{.revision = revision_of(request, *place->plan).value()};
  auto body = answer::levels(*place->plan, place->unit->code, find_indicator(*place->plan, number).value(), place->rounds(), view);
  body["as_of"] = place->as_of();
  auto told = std::make_shared<const std::string>(json::serialize(body));
  if (place->complete) cache_.keep(asked, {}, told);
  return found(std::move(told));
}

}  // namespace tamroi::query
