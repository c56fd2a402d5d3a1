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

TreeOfUnits ask_tree(Client& client, Subject& subject) {
  auto tree = TreeOfUnits::ask(client, subject.unit);
  if (!tree) throw Refused{std::move(tree.error())};
  if (subject.round.empty()) subject.round = tree->round();
  if (subject.round.empty()) throw Misused("The server has no round yet. Name one with --round, or let an operator publish a catalogue.");
  return std::move(*tree);
}

}  // namespace tamroi::cli
