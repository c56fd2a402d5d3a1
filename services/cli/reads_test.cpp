#include "cli/reads.h"

#include <sstream>

#include <catch2/catch_test_macros.hpp>

#include "support/prepared_server.h"

using namespace tamroi::cli;
using tamroi::support::PreparedServer;

namespace {

struct Reading {
  std::ostringstream output;
  std::ostringstream errors;
  Exit exit = Exit::Done;
  std::vector<std::string> targets;

  template <typename Ask>
  Reading(std::vector<PreparedServer::Answer> answers, bool json, Ask ask) {
    PreparedServer server(std::move(answers));
    Client client({.endpoint = {"127.0.0.1", server.port()}, .token = "token", .time = ""});
    exit = ask(client, Screen{output, errors, {}, {}, json});
    for (const auto& request : server.asked()) targets.emplace_back(request.target());
  }
};

const std::string unit = R"({"unit":"2401","name":{"th":"เมือง","en":"Mueang"},"rounds":["2565-1","2565-2"]})";
using Targets = std::vector<std::string>;

}  // namespace

TEST_CASE("without a round it is the newest that the server has") {
  const Subject subject{.unit = "2401", .round = "", .indicator = 0, .as_of = "24:17", .revision = 2};
  const Reading reading({{.body = unit}, {.body = R"({"indicators":[]})"}}, false,
                        [&](Client& client, const Screen& screen) { return read_results(client, subject, screen); });
  CHECK(reading.exit == Exit::Done);
  CHECK(reading.targets == Targets{"/v1/units/2401", "/v1/rounds/2565-2/units/2401/results?as_of=24%3A17&revision=2"});
  CHECK(reading.output.str().starts_with("2401 เมือง (Mueang), round 2565-2"));
}

TEST_CASE("that an answer is not final is said of a cut in time only") {
  for (const std::string cut : {"", "2022-08-20T03:00:00Z"}) {
    const Subject subject{.unit = "2401", .round = "", .indicator = 0, .as_of = cut, .revision = 0};
    const Reading reading(
        {{.body = unit}, {.body = R"({"as_of":{"positions":{"24":1},"complete":false},"indicators":[]})"}}, false,
        [&](Client& client, const Screen& screen) { return read_results(client, subject, screen); });
    CHECK((reading.output.str().find("not complete yet") == std::string::npos) == cut.empty());
  }
}

TEST_CASE("for programs what the route returns is printed as it came, and nothing else is asked") {
  const Subject subject{.unit = "2401", .round = "2565-1", .indicator = 6, .as_of = "", .revision = 0};
  const Reading reading({{.body = R"({"indicator" : 6})"}}, true, [&](Client& client, const Screen& screen) {
    return read_explanation(client, subject, screen);
  });
  CHECK(reading.targets == Targets{"/v1/rounds/2565-1/units/2401/indicators/6"});
  CHECK(reading.output.str() == "{\"indicator\" : 6}\n");
}

TEST_CASE("a page of a history goes on at its cursor") {
  const Subject subject{.unit = "24", .round = "2565-1", .indicator = 7, .as_of = "", .revision = 0};
  const Reading reading(
      {{.body = unit}, {.body = R"({"changes":[{"indicator":7}],"next_cursor":"abc"})"}}, false,
      [&](Client& client, const Screen& screen) { return read_history(client, subject, {"x y", 3}, screen); });
  CHECK(reading.targets.at(1) == "/v1/rounds/2565-1/units/24/indicators/7/history?cursor=x%20y&limit=3");
  CHECK(reading.output.str().find("--cursor abc") != std::string::npos);
}

TEST_CASE("facts and levels are asked for as they were wished") {
  const Subject subject{.unit = "24", .round = "2565-1", .indicator = 7, .as_of = "", .revision = 0};
  const Reading facts({{.body = R"({"facts":[]})"}}, true, [&](Client& client, const Screen& screen) {
    return read_facts(client, subject, {"visit", "h 1", "false"}, {"24:x", 3}, screen);
  });
  CHECK(facts.targets ==
        Targets{"/v1/rounds/2565-1/units/24/facts?type=visit&entity=h%201&live=false&cursor=24%3Ax&limit=3"});
  const Reading levels({{.body = R"({"levels":[]})"}}, true,
                       [&](Client& client, const Screen& screen) { return read_levels(client, subject, screen); });
  CHECK(levels.targets == Targets{"/v1/rounds/2565-1/units/24/levels?indicator=7"});
}

TEST_CASE("a server without rounds and a refusal say what to do") {
  const Subject subject{.unit = "9999", .round = "", .indicator = 0, .as_of = "", .revision = 0};
  const auto ask = [&](Client& client, const Screen& screen) { return read_results(client, subject, screen); };
  const Reading none({{.body = R"({"unit":"9999","rounds":[]})"}}, false, ask);
  CHECK(none.exit == Exit::Refused);
  CHECK(none.errors.str().find("--round") != std::string::npos);
  const std::string body = R"({"problems":[{"code":"not_found","where":"","why":"There is no unit 9999."}]})";
  const Reading unknown({{.status = 404, .body = body}}, true, ask);
  CHECK(unknown.exit == Exit::Refused);
  CHECK(unknown.output.str() == body + "\n");
  CHECK(unknown.errors.str() == "not_found: There is no unit 9999.\n");
}

TEST_CASE("a page of facts that found nothing is not the end") {
  const Subject subject{.unit = "24", .round = "2565-1", .indicator = 0, .as_of = "", .revision = 0};
  const PreparedServer::Answer nothing{.body = R"({"facts":[],"next_cursor":"24:a"})"};
  const PreparedServer::Answer something{.body = R"({"facts":[{"type":"visit"}],"next_cursor":"24:b"})"};
  const auto ask = [&](Client& client, const Screen& screen) {
    return read_facts(client, subject, {"", "h", ""}, {"", 0}, screen);
  };
  const Reading people({{.body = unit}, nothing, something}, false, ask);
  CHECK(people.targets.size() == 3);
  CHECK(people.targets.back() == "/v1/rounds/2565-1/units/24/facts?entity=h&cursor=24%3Aa");
  CHECK(people.output.str().find("--cursor 24:b") != std::string::npos);
  const Reading programs({nothing, something}, true, ask);
  CHECK(programs.targets.size() == 1);
}
