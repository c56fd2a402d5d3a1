#include "cli/controls.h"

#include <sstream>

#include <catch2/catch_test_macros.hpp>

#include "support/prepared_server.h"

using namespace tamroi::cli;
using tamroi::support::PreparedServer;

namespace {

struct Sending {
  std::ostringstream output;
  std::ostringstream errors;
  Exit exit = Exit::Done;
  std::vector<PreparedServer::Request> asked;

  explicit Sending(std::vector<PreparedServer::Answer> answers) {
    PreparedServer server(std::move(answers));
    Client client({.endpoint = {"127.0.0.1", server.port()}, .token = "token", .time = ""});
    exit = send_control(client, "some.json", "{\n\"id\": \"a\",\n\"month\": 3}", Screen{output, errors, {}, {}, false},
                        [](auto) {});
    asked = server.asked();
  }
};

}  // namespace

TEST_CASE("a control says its number, or its problems with their lines") {
  const Sending good({{.body = R"({"verdict":"accepted","number":5,"positions":{"24":1,"25":1}})"}});
  CHECK(good.exit == Exit::Done);
  CHECK(good.asked.at(0).target() == "/v1/controls");
  CHECK(good.output.str() == "some.json:1: accepted as control 5, applied in 2 provinces\n");
  const Sending bad(
      {{.status = 422,
        .body =
            R"({"verdict":"rejected","problems":[{"code":"bad_value","where":"/month","why":"There is none."}]})"}});
  CHECK(bad.exit == Exit::Refused);
  CHECK(bad.output.str() == "some.json:3: bad_value at /month: There is none.\n");
}

TEST_CASE("a control without an outcome in the end is not done") {
  const Sending sending({{.status = 202, .body = R"({"id":"a"})"}, {.status = 404, .body = "{}"}});
  CHECK(sending.exit == Exit::Refused);
  CHECK(sending.errors.str().find("no outcome yet") != std::string::npos);
}
