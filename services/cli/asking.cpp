#include "cli/asking.h"

#include <fmt/format.h>

#include "cli/misused.h"
#include "cli/reading.h"

namespace tamroi::cli {

namespace json = boost::json;

std::string route_of(const std::string& round, const std::string& unit, const std::string& rest, const std::string& query) {
  return fmt::format("/v1/rounds/{}/units/{}{}{}", encoded(round), encoded(unit), rest, query);
}

json::object ask(Client& client, const std::string& target) {
  auto reply = client.get(target);
  auto answer = parse_object(reply.body);
  if (reply.status != 200 || !answer) throw Refused{std::move(reply)};
  return std::move(*answer);
}

json::object ask_unit(Client& client, Subject& subject) {
  auto unit = ask(client, "/v1/units/" + encoded(subject.unit));
  const auto& rounds = array_at(unit, "rounds");
  if (subject.round.empty() && !rounds.empty() && rounds.back().is_string()) subject.round = rounds.back().get_string();
  if (subject.round.empty()) throw Misused("The server has no round yet. Name one with --round, or let an operator publish a catalogue.");
  return unit;
}

}  // namespace tamroi::cli
