#pragma once

#include <string>

#include <boost/json.hpp>

#include "cli/client.h"
#include "cli/reads.h"
#include "cli/tree_of_units.h"

// One answer at a time, for commands that put several together.
namespace tamroi::cli {

// What a server would not answer; the command ends with it.
struct Refused {
  Reply reply;
};

// The path of what is asked about a unit, with its query: what a reader can open to see the same.
[[nodiscard]] std::string route_of(const std::string& round, const std::string& unit, const std::string& rest, const std::string& query);
// Throws Refused unless it is an object with the status 200.
[[nodiscard]] boost::json::object ask(Client& client, const std::string& target);
// The tree of units, and in `subject` the server's newest round where none was named. Throws Refused; Misused where the server
// has no round.
[[nodiscard]] TreeOfUnits ask_tree(Client& client, Subject& subject);

}  // namespace tamroi::cli
