#include "http/router.h"

#include "base/check.h"
#include "http/target.h"

#include <catch2/catch_test_macros.hpp>

namespace tamroi::http {
namespace {

Request asked(std::string method, std::string_view path) {
  Request request;
  request.method = std::move(method);
  request.segments = parse_target(path)->segments;
  return request;
}

Router routes() {
  return Router({{"GET", "/items/{item}", 1},
                 {"POST", "/items", 2},
                 {"GET", "/items/latest", 3},
                 {"GET", "/items", 4},
                 {"GET", "/items/{item}/parts/{part}", 5},
                 {"GET", "/", 6}});
}

TEST_CASE("a route matches by method and whole segments") {
  const Router router = routes();
  CHECK(router.match(asked("GET", "/"))->id == 6);
  CHECK(router.match(asked("GET", "/items"))->id == 4);
  CHECK(router.match(asked("POST", "/items"))->id == 2);
  const auto match = router.match(asked("GET", "/items/a%20b/parts/7"));
  REQUIRE(match);
  CHECK(match->id == 5);
  CHECK(match->parameter("item") == "a b");
  CHECK(match->parameter("part") == "7");
}

TEST_CASE("a literal segment goes before a parameter, whatever the order of the table") {
  CHECK(routes().match(asked("GET", "/items/latest"))->id == 3);
  CHECK(routes().match(asked("GET", "/items/later"))->id == 1);
}

TEST_CASE("what is not in the table is not found") {
  for (const char* path :
       {"/item", "/items/", "/items//parts/1", "/items/1/parts", "/Items", "//items", "/items/1/2"}) {
    INFO(path);
    const auto match = routes().match(asked("GET", path));
    REQUIRE_FALSE(match);
    CHECK(match.error().status == 404);
    CHECK(match.error().body.contains("\"not_found\""));
  }
}

TEST_CASE("another method on a known path is told which are allowed") {
  const auto match = routes().match(asked("DELETE", "/items"));
  REQUIRE_FALSE(match);
  CHECK(match.error().status == 405);
  CHECK(match.error().body.contains("\"method_not_allowed\""));
  REQUIRE(match.error().headers.size() == 1);
  CHECK(match.error().headers[0] == std::pair<std::string, std::string>{"Allow", "GET, POST"});
  CHECK(routes().match(asked("HEAD", "/items")).error().status == 405);
}

TEST_CASE("two equal routes are a defect") {
  CHECK_THROWS_AS(Router({{"GET", "/a/{x}", 1}, {"GET", "/a/{y}", 2}}), base::Defect);
}

TEST_CASE("a last parameter can take the rest of the path, and literals go before it") {
  const Router router({{"GET", "/log/{tile...}", 1}, {"GET", "/log/checkpoint", 2}});
  const auto matched = [&](std::vector<std::string> segments) {
    Request request;
    request.method = "GET";
    request.segments = std::move(segments);
    return router.match(request);
  };
  CHECK(matched({"log", "checkpoint"})->id == 2);
  CHECK(matched({"log", "0"})->parameter("tile") == "0");
  CHECK(matched({"log", "0", "x001", "067.p", "7"})->parameter("tile") == "0/x001/067.p/7");
  CHECK(matched({"log", "checkpoint", "a"})->parameter("tile") == "checkpoint/a");
  CHECK_FALSE(matched({"log"}));
  CHECK_FALSE(matched({"log", ""}));
  CHECK_FALSE(matched({"log", "a", ""}));
}

}  // namespace
}  // namespace tamroi::http
