#include "cli/units.h"

#include <sstream>

#include <catch2/catch_test_macros.hpp>

#include "support/prepared_server.h"

using namespace tamroi::cli;
using tamroi::support::PreparedServer;

namespace {

const std::string tree = R"({"units":[
  {"unit":"TH","level":"ministry","name":{"th":"กรม"},"children":["R4"]},
  {"unit":"R4","level":"region","name":{"th":"ภาคตะวันออก","en":"East"},"parent":"TH","children":["24"]},
  {"unit":"24","level":"province","name":{"th":"ฉะเชิงเทรา"},"parent":"R4","children":["2401","2402"]},
  {"unit":"2401","level":"district","name":{"th":"เมือง"},"parent":"24","children":[]}]})";
const std::string province =
    R"({"unit":"24","level":"province","name":{"th":"ฉะเชิงเทรา"},"parent":"R4","children":["2401","2402"]})";

struct Looking {
  std::ostringstream output;
  std::ostringstream errors;
  Exit exit = Exit::Done;
  std::vector<std::string> targets;

  template <typename Ask>
  Looking(std::vector<PreparedServer::Answer> answers, bool json, Ask ask) {
    PreparedServer server(std::move(answers));
    Client client({.endpoint = {"127.0.0.1", server.port()}, .token = "token", .time = ""});
    exit = ask(client, Screen{output, errors, {}, {}, json});
    for (const auto& request : server.asked()) targets.emplace_back(request.target());
  }
};

using Targets = std::vector<std::string>;

auto units(const std::string& unit) {
  return [unit](Client& client, const Screen& screen) { return read_units(client, unit, screen); };
}

}  // namespace

TEST_CASE("the tree ends at the provinces") {
  const Looking looking({{.body = tree}}, false, units(""));
  CHECK(looking.output.str() ==
        "TH กรม\n"
        "  R4 ภาคตะวันออก (East)\n"
        "    24 ฉะเชิงเทรา, 2 districts\n");
}

TEST_CASE("a unit is told with what it belongs to and what belongs to it") {
  const Looking looking({{.body = province}, {.body = tree}}, false, units("24"));
  CHECK(looking.targets == Targets{"/v1/units/24", "/v1/units"});
  CHECK(looking.output.str() ==
        "24 ฉะเชิงเทรา, a province\n"
        "belongs to R4 ภาคตะวันออก (East)\n"
        "  2401 เมือง\n"
        "  2402\n");
  CHECK(Looking({{.body = province}}, true, units("24")).output.str() == province + "\n");
  CHECK(Looking({{.status = 404, .body = "{}"}}, false, units("99")).exit == Exit::Refused);
}
