#include "cli/patience.h"

#include <algorithm>

#include <fmt/format.h>

#include "cli/reading.h"
#include "cli/refusals.h"

namespace tamroi::cli {

namespace json = boost::json;

namespace {

constexpr int tries_max = 8;
constexpr int looks_max = 60;
constexpr auto pause_min = std::chrono::seconds(1);
constexpr auto pause_max = std::chrono::seconds(15);

// Where the outcome of what was taken is found, once the server has got that far.
std::string outcome_target(std::string_view route, const Posted& posted, const json::object& receipt) {
  auto target = fmt::format("{}/{}", route, encoded(text_at(receipt, "id")));
  if (route != submissions_route) return target;
  return target +
         query_of({{"unit", member_text(posted, "unit")}, {"position", position_text(object_at(receipt, "position"))}});
}

}  // namespace

Fate fate_of(const Reply& reply) {
  const auto body = parse_object(reply.body);
  const auto verdict = body ? text_at(*body, "verdict") : std::string();
  if (reply.status == 202 || verdict == "pending") return Fate::Pending;
  if (verdict == "accepted") return Fate::Accepted;
  return verdict.empty() ? Fate::Refused : Fate::Rejected;
}

Reply Patience::post(std::string_view route, const Posted& posted) const {
  auto reply = client_.post(std::string(route), posted.body);
  for (int tries = 1; is_busy(reply) && tries < tries_max; ++tries) {
    pause_(std::clamp(reply.retry_after, pause_min, pause_max));
    reply = client_.post(std::string(route), posted.body);
  }
  return reply;
}

Reply Patience::send(std::string_view route, const Posted& posted) const {
  auto taken = post(route, posted);
  const auto receipt = parse_object(taken.body);
  if (taken.status != 202 || !receipt) return taken;
  const auto target = outcome_target(route, posted, *receipt);
  for (int looks = 0; looks < looks_max; ++looks) {
    pause_(pause_min);
    auto reply = client_.get(target);
    if (is_busy(reply) || reply.status == 404 || fate_of(reply) == Fate::Pending) continue;
    if (reply.status != 200) return reply;
    // The outcome of another record of that id says nothing about a changed body: sent again, the server compares them.
    const auto outcome = parse_object(reply.body);
    const auto& position = object_at(*outcome, "position");
    if (position.empty() || position == object_at(*receipt, "position")) return reply;
    return post(route, posted);
  }
  return taken;
}

}  // namespace tamroi::cli
