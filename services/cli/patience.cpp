#include "cli/patience.h"

#include <algorithm>

#include <fmt/format.h>

#include "cli/reading.h"
#include "cli/refusals.h"

namespace tamroi::cli {

namespace json = boost::json;

namespace {

constexpr int tries_max = 9;
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

Reply Patience::ask(const std::function<Reply()>& question) {
  for (int tries = 1;; ++tries) {
    auto time = std::min(std::chrono::seconds(1U << (tries - 1U)), pause_max);
    std::string why = "The server is busy";
    try {
      auto reply = question();
      reached_ = true;
      if (!is_busy(reply) || tries == tries_max) return reply;
      time = std::clamp(reply.retry_after, pause_min, pause_max);
    } catch (const ServerUnreachable& lost) {
      if (!reached_ || tries == tries_max) throw;
      why = lost.what();
    }
    if (notice_) notice_(fmt::format("{}. Trying again in {} s …", why, time.count()));
    pause_(time);
  }
}

Reply Patience::send(std::string_view route, const Posted& posted) {
  const auto receipt = ask([&] { return client_.post(std::string(route), posted.body); });
  return receipt.status == 202 ? outcome(route, posted, receipt) : receipt;
}

Reply Patience::send_lines(std::string_view ndjson) {
  return ask([&] { return client_.post_lines(std::string(submissions_route), ndjson); });
}

Reply Patience::outcome(std::string_view route, const Posted& posted, const Reply& receipt) {
  const auto told = parse_object(receipt.body);
  if (!told) return receipt;
  const auto target = outcome_target(route, posted, *told);
  for (int looks = 0; looks < looks_max; ++looks) {
    if (looks > 0) pause_(pause_min);
    auto reply = ask([&] { return client_.get(target); });
    if (is_busy(reply) || reply.status == 404 || fate_of(reply) == Fate::Pending) continue;
    if (reply.status != 200) return reply;
    // The outcome of another record of that id says nothing about a changed body: sent again, the server compares them.
    const auto found = parse_object(reply.body);
    const auto& position = object_at(*found, "position");
    if (position.empty() || position == object_at(*told, "position")) return reply;
    return ask([&] { return client_.post(std::string(route), posted.body); });
  }
  return receipt;
}

}  // namespace tamroi::cli
