#include "cli/client.h"

#include <catch2/catch_test_macros.hpp>

#include "support/prepared_server.h"

using namespace tamroi::cli;
using tamroi::support::PreparedServer;

TEST_CASE("an address is a host and a port over http") {
  CHECK(parse_endpoint("http://127.0.0.1:8080")->to_string() == "http://127.0.0.1:8080");
  CHECK(parse_endpoint("http://reports.example/")->to_string() == "http://reports.example:80");
  CHECK(parse_endpoint("http://[::1]:99")->authority() == "[::1]:99");
  for (const auto* wrong :
       {"", "127.0.0.1:8080", "https://a", "http://", "http://a:", "http://a:0", "http://a:65536", "http://a:8x",
        "http://a/b", "http://a@b", "http://[::1", "http://a b", "http://a\r\nX: y"}) {
    INFO(wrong);
    const auto endpoint = parse_endpoint(wrong);
    REQUIRE(!endpoint);
    CHECK(endpoint.error().find("http://host:port") != std::string::npos);
  }
}

TEST_CASE("queries are percent-encoded, and what was not asked for is left out") {
  CHECK(encoded("2565-2_a.b~") == "2565-2_a.b~");
  CHECK(encoded("ก /&") == "%E0%B8%81%20%2F%26");
  CHECK(query_of({}).empty());
  CHECK(query_of({{"a", ""}, {"as_of", "2022-08-20T10:00:00+07:00"}, {"b", "24:17"}}) ==
        "?as_of=2022-08-20T10%3A00%3A00%2B07%3A00&b=24%3A17");
}

TEST_CASE("requests carry token and time, and posts wait for their outcome") {
  PreparedServer server({{.body = "{}"}});
  Client client({.endpoint = {"127.0.0.1", server.port()}, .token = "token", .time = "2022-08-20T03:00:00Z"});
  CHECK(client.get("/v1/units?x=1").status == 200);
  CHECK(client.post("/v1/submissions", "{\"id\":1}").body == "{}");
  const auto asked = server.asked();
  REQUIRE(asked.size() == 2);
  CHECK(asked[0].target() == "/v1/units?x=1");
  CHECK(asked[0]["Authorization"] == "Bearer token");
  CHECK(asked[0]["Host"] == "127.0.0.1:" + std::to_string(server.port()));
  CHECK(asked[0].count("Tamroi-Time") == 0);
  CHECK(asked[1]["Tamroi-Time"] == "2022-08-20T03:00:00Z");
  CHECK(asked[1]["Content-Type"] == "application/json");
  CHECK(asked[1]["Prefer"].starts_with("wait="));
  CHECK(asked[1].body() == "{\"id\":1}");
  CHECK(server.connections() == 1);
}

TEST_CASE("a kept connection that was closed is opened again") {
  PreparedServer server({{.body = "1", .closes = true}, {.body = "2"}});
  Client client({.endpoint = {"127.0.0.1", server.port()}, .token = "token", .time = ""});
  CHECK(client.get("/").body == "1");
  CHECK(client.get("/").body == "2");
  CHECK(server.connections() == 2);
}

TEST_CASE("nobody there is an error that says where") {
  std::uint16_t port = 0;
  {
    boost::asio::io_context context;
    const boost::asio::ip::tcp::acceptor free(context, {boost::asio::ip::make_address("127.0.0.1"), 0});
    port = free.local_endpoint().port();
  }
  Client client({.endpoint = {"127.0.0.1", port}, .token = "", .time = ""});
  try {
    (void)client.get("/");
    FAIL("it was reached");
  } catch (const ServerUnreachable& error) {
    CHECK(std::string(error.what()).find(std::to_string(port)) != std::string::npos);
  }
}
