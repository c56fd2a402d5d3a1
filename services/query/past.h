#pragma once

#include <expected>
#include <optional>

#include "http/request.h"
#include "http/response.h"
#include "projection/cut.h"
#include "query/place.h"
#include "readmodel/read_model.h"

// What is told as of a cut of the past: read from the history, one seek a result.
namespace tamroi::query {

// What is wanted of a place: all that its answer reads.
struct Wanted {
  std::uint32_t revision = 0;                        // 0: the one in force then
  std::optional<std::string_view> indicator = {};    // by its number; without one all
  bool districts = false;                            // of the province, too
  bool results = true;                               // else no more than where it is cut
  readmodel::Figures figures = readmodel::Figures::Published;
};

class Past {
 public:
  Past(projection::Projection& projection, projection::Cuts& cuts) : projection_(projection), cuts_(cuts) {}

  // Takes a place back to a cut: its plan, its rounds, where it is cut. The refusal where there is no such cut, or the
  // round was not open.
  [[nodiscard]] std::optional<http::Response> go_back(Place& place, const projection::AsOf& as_of, const Wanted& wanted);
  // The position that a place lacks for it, where it lacks one.
  [[nodiscard]] std::optional<event::Position> missing(const http::Request& request, const http::RouteMatch& match);

 private:
  [[nodiscard]] std::optional<http::Response> refusal(const Place& place, const projection::AsOf& as_of);
  void cut(Place& place, const projection::AsOf& as_of);
  void read(Place& place, const Wanted& wanted);
  [[nodiscard]] readmodel::Figures figures_at(const Standpoint& point, const reporting::Published& published, readmodel::Figures wanted) const;

  projection::Projection& projection_;
  projection::Cuts& cuts_;
};

// What `as_of` says; nothing where it was not given. The problem is `bad_value` at the parameter.
[[nodiscard]] std::expected<std::optional<projection::AsOf>, http::Response> as_of_of(const http::Request& request);
// The plan that a round is told under as of a cut: its catalogue then, or the first later one that has the revision.
[[nodiscard]] std::shared_ptr<const catalogue::Plan> plan_at(const reporting::Published& published, std::string_view round,
                                                             std::span<const Standpoint> points, std::uint32_t revision);
// How many months of a round were closed in a province where it is cut.
[[nodiscard]] std::uint32_t closed_months_at(const reporting::Published& published, std::string_view round, const Standpoint& point);

}  // namespace tamroi::query
