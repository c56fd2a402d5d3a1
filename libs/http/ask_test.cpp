#include "http/ask.h"

#include <catch2/catch_test_macros.hpp>

#include "http/server_fixture.h"

namespace tamroi::http {
namespace {

TEST_CASE("a server's URL has a host, maybe a port, and a prefix without its last slash") {
  const auto parts = [](std::string_view url) {
    const auto server = parse_server_url(url);
    return server ? server->authority() + server->prefix : std::string("none");
  };
  CHECK(parts("http://witness.example/w") == "witness.example:80/w");
  CHECK(parts("http://127.0.0.1:8090/") == "127.0.0.1:8090");
  CHECK(parts("http://[::1]:8090/a/b/") == "[::1]:8090/a/b");
  CHECK(parts("http://[::1]") == "[::1]:80");
  for (const char* bad : {"https://a", "http://", "http://:80", "http://a:0", "http://a:70000", "http://a:b", "http://u@a", "http://a/b?c", "a"}) {
    INFO(bad);
    CHECK(parts(bad) == "none");
  }
}

TEST_CASE("a server is asked with or without a body") {
  ServerFixture fixture;
  const ServerUrl server{"127.0.0.1", fixture.server.port(), "/prefix"};
  const auto got = ask(server, "/a", std::nullopt, std::chrono::minutes(2));
  CHECK(got.status == 200);
  CHECK(got.content_type == "text/plain");
  CHECK(got.body == "GET /prefix/a ");
  CHECK(ask(server, "/b", "the body", std::chrono::minutes(2)).body == "POST /prefix/b the body");
}

TEST_CASE("who does not answer, is not there or answers too much is given up") {
  std::optional<Responder> held;
  std::mutex mutex;
  ServerFixture fixture;
  fixture.handler.on_answer = [&](const Request& request, Responder respond) {
    if (request.path == "/much") return respond({.status = 200, .content_type = "text/plain", .body = std::string(100'000, 'a'), .headers = {}});
    const std::scoped_lock lock(mutex);
    held.emplace(std::move(respond));
  };
  const ServerUrl server{"127.0.0.1", fixture.server.port(), ""};
  CHECK_THROWS_AS(ask(server, "/never", std::nullopt, std::chrono::milliseconds(50)), std::system_error);
  CHECK_THROWS_AS(ask(server, "/much", std::nullopt, std::chrono::minutes(2)), std::system_error);
  CHECK_THROWS_AS(ask({"127.0.0.1", 1, ""}, "/", std::nullopt, std::chrono::minutes(2)), std::system_error);
}

}  // namespace
}  // namespace tamroi::http
