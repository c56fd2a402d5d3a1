#include "scenarios/http_world.h"

#include <catch2/catch_test_macros.hpp>

#include "scenarios/test_world.h"
#include "support/prepared_server.h"

using namespace tamroi;
using namespace tamroi::scenarios;
using support::PreparedServer;

namespace {

using Answers = std::vector<PreparedServer::Answer>;

const base::Instant noon = base::bangkok_time(base::parse_date("2022-06-10").value(), 12, 0);
const Actor officer{"district_officer-2401", "district_officer", "2401"};

// A world over a server with these answers.
struct Served {
  explicit Served(Answers answers)
      : server(std::move(answers)),
        world("http://127.0.0.1:" + std::to_string(server.port()), {{"operator@TH", "first"}, {"auditor@TH", "second"}},
              std::make_unique<AnsweringWorld>()) {}
  PreparedServer server;
  HttpWorld world;
};

}  // namespace

TEST_CASE("time has moved on when the server is idle again") {
  Served served({{.status = 400},
                 {.status = 503, .body = R"({"ready":false})"},
                 {.body = R"({"ready":true,"idle":false})"},
                 {.body = R"({"ready":true,"idle":true})"}});
  served.world.advance(noon);
  const auto asked = served.server.asked();
  REQUIRE(asked.size() == 4);
  CHECK(asked[0]["Tamroi-Time"] == "2022-06-10T05:00:00.000000Z");
  CHECK(asked[1].target() == "/readyz");
  CHECK(served.server.connections() == 1);
}

TEST_CASE("whoever has no token yet is granted an account") {
  Served served({{.body = R"({"verdict":"accepted"})"}});
  (void)served.world.submit("{}", officer, noon);
  (void)served.world.submit("{}", officer, noon);
  const auto asked = served.server.asked();
  REQUIRE(asked.size() == 3);
  CHECK(asked[0].target() == "/v1/controls");
  CHECK(asked[0]["Authorization"] == "Bearer first");
  CHECK(asked[0].body().find(R"("type":"account_granted")") != std::string::npos);
  CHECK(asked[1].target() == "/v1/submissions");
  CHECK(asked[1]["Authorization"] == asked[2]["Authorization"]);
  CHECK(asked[1]["Authorization"].starts_with("Bearer "));
}

TEST_CASE("questions are asked as the auditor, with their cut and revision") {
  Served served({{.body = "{}"}});
  (void)served.world.indicator({.unit = "2401", .round = "2565-2", .revision = 1, .as_of = noon}, 6);
  const auto asked = served.server.asked();
  REQUIRE(asked.size() == 1);
  CHECK(asked[0].target() == "/v1/rounds/2565-2/units/2401/indicators/6?revision=1&as_of=2022-06-10T05:00:00.000000Z");
  CHECK(asked[0]["Authorization"] == "Bearer second");
}

TEST_CASE("all pages of a history are one") {
  Served served({{.body = R"({"changes":[1,2],"next_cursor":"c"})"}, {.body = R"({"changes":[3]})"}});
  CHECK(served.world.history("2401", "2565-2", 6).body == R"({"changes":[1,2,3]})");
  CHECK(served.server.asked().at(1).target().ends_with("/history?cursor=c"));
}
