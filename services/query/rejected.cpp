// A unit's submissions that were rejected.

#include <boost/json.hpp>

#include "answer/answer.h"
#include "base/check.h"
#include "query/parameters.h"
#include "query/query.h"
#include "query/told.h"

namespace tamroi::query {

namespace json = boost::json;
using http::Response;

// Each with no more than its first problems; its outcome has the rest.
constexpr std::size_t problems_told_max = 10;

Response Query::submissions(const Actor&, const Request& request, const Match& match) {
  const auto published = projection_.control().published();
  const auto* province = published->units().province_of(match.parameter("unit"));
  if (province == nullptr) return http::problem(404, base::Code::NotFound, "There is no such district or province.");
  if (request.parameter("verdict") != "rejected") return bad_parameter("verdict", "`rejected` is expected.");
  const auto limit = rows_of(request, page_rows_max_);
  if (!limit) return limit.error();
  const auto before = number_of(request, "cursor", UINT64_MAX, 0, UINT64_MAX);
  if (!before) return before.error();
  const auto stream = event::parse_stream(province->code).value();
  auto offsets = projection_.model().rejected(stream, match.parameter("unit"), *before, *limit + 1);
  const bool more = offsets.size() > *limit;
  if (more) offsets.pop_back();
  json::array all;
  for (const auto offset : offsets) {
    const auto folded = projection_.folded({stream, offset});
    CHECK(folded.has_value());
    auto outcome = event::decode_outcome(folded->outcome);
    CHECK(outcome.has_value());
    if (outcome->problems.size() > problems_told_max) outcome->problems.resize(problems_told_max);
    all.push_back({{"id", folded->leaf.id.to_string()}, {"unit", outcome->unit}, {"round", outcome->round}, {"position", answer::position({stream, offset})},
                   {"recorded_at", base::to_string(folded->leaf.recorded_at)}, {"actor", answer::actor(folded->actor)}, {"verdict", "rejected"},
                   {"problems", answer::problems(outcome->problems)}, {"problems_total", outcome->problems_total}});
  }
  json::object body{{"submissions", std::move(all)}};
  if (more) body["next_cursor"] = std::to_string(offsets.back());
  return found(body);
}

}  // namespace tamroi::query
