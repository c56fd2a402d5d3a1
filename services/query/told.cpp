#include "query/told.h"

#include "query/parameters.h"

namespace tamroi::query {

using http::Response;

Response found(std::shared_ptr<const std::string> body) {
  return {.status = 200, .content_type = "application/json", .body = {}, .headers = {}, .shared_body = std::move(body)};
}

Response found(const boost::json::object& body) { return {200, "application/json", boost::json::serialize(body), {}}; }

boost::json::object results_of(const Place& place, const answer::View& view) {
  return place.merged() ? answer::merged_results(*place.plan, place.unit->code, place.rounds(), view)
                        : answer::results(*place.own().round, place.within, view);
}

std::optional<Response> levels_refused(const Place& place, const http::Request& request) {
  if (place.unit->level == catalogue::Level::District) {
    return http::problem(404, base::Code::NotFound, "Levels are counted for a province, a region or TH.");
  }
  if (!request.parameter("indicator")) return bad_parameter("indicator", "An indicator's number is expected.");
  return std::nullopt;
}

}  // namespace tamroi::query
