#pragma once

#include <memory>
#include <optional>
#include <string>

#include "answer/answer.h"
#include "http/request.h"
#include "http/response.h"
#include "query/place.h"

// What answers of now and of the past have in common.
namespace tamroi::query {

[[nodiscard]] http::Response found(std::shared_ptr<const std::string> body);
[[nodiscard]] http::Response found(const boost::json::object& body);
// Results of a place, without as_of.
[[nodiscard]] boost::json::object results_of(const Place& place, const answer::View& view);
// Why levels cannot be told of a place: it is a district, or no indicator is named.
[[nodiscard]] std::optional<http::Response> levels_refused(const Place& place, const http::Request& request);

}  // namespace tamroi::query
