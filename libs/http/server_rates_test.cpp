#include "http/server_fixture.h"

#include <catch2/catch_test_macros.hpp>

#include <future>
#include <vector>

namespace tamroi::http {
namespace {

using namespace std::chrono_literals;

// One request, and then none for a long time.
ServerOptions one_of_an_address() {
  ServerOptions options;
  options.limits.rate_of_address = {.per_second = 0.001, .burst = 1};
  return options;
}

TEST_CASE("an address that asks too fast is refused with Retry-After before anyone looks at the request") {
  ServerFixture fixture(one_of_an_address());
  Client client(fixture.server.port());
  client.send(get("/a") + get("/b") + get("/c"));
  CHECK(client.read_answer().starts_with("HTTP/1.1 200 "));
  for (int i = 0; i < 2; ++i) {
    const std::string refusal = client.read_answer();
    CHECK(refusal.starts_with("HTTP/1.1 429 "));
    CHECK(refusal.contains("Retry-After: 1000\r\n"));
    CHECK(refusal.contains("\"too_many_requests\""));
    CHECK_FALSE(refusal.contains("Connection: close"));
  }
  CHECK(fixture.handler.admitted == 1);
}

TEST_CASE("who is refused by a rate is told before the body, and what follows is not read as a request") {
  ServerFixture fixture(one_of_an_address());
  Client first(fixture.server.port());
  first.send(get("/a"));
  CHECK(first.read_answer().starts_with("HTTP/1.1 200 "));
  Client client(fixture.server.port());
  client.send("POST /a HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: 1000000\r\n\r\n");
  client.send(get("/second"));
  const std::string answer = client.read_to_end();
  CHECK(answer.starts_with("HTTP/1.1 429 "));
  CHECK(count_of(answer, "HTTP/1.1 ") == 1);
  CHECK(fixture.handler.admitted == 1);
}

TEST_CASE("behind a proxy the rate is that of the forwarded address") {
  ServerOptions options = one_of_an_address();
  options.trusted_proxies = {"127.0.0.1"};
  ServerFixture fixture(options);
  Client proxy(fixture.server.port());
  const auto status = [&](std::string_view forwarded) {
    proxy.send(get("/a", "X-Forwarded-For: 198.51.100.1, " + std::string(forwarded) + "\r\n"));
    return proxy.read_answer().substr(9, 3);
  };
  CHECK(status("203.0.113.7") == "200");
  CHECK(status("203.0.113.7") == "429");
  CHECK(status("203.0.113.8") == "200");
  CHECK(status("2001:db8::1") == "200");
  CHECK(status("2001:db8::2") == "429");
}

TEST_CASE("a body is refused with Retry-After where those under way would take too much memory") {
  ServerOptions options;
  options.limits.bodies_bytes_max = 100;
  ServerFixture fixture(options);
  fixture.handler.on_admit = [](const Request&) { return Accept{.body_bytes_max = 60}; };
  std::promise<Responder> held;
  fixture.handler.on_answer = [&](const Request& request, Responder respond) {
    if (request.path == "/held") return held.set_value(std::move(respond));
    respond({});
  };
  Client first(fixture.server.port());
  first.send(post("/held", std::string(60, 'a')));
  Responder respond = held.get_future().get();
  const std::string chunked = "POST /a HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n";
  for (const std::string& large : {post("/a", std::string(41, 'a')), chunked}) {
    Client second(fixture.server.port());
    second.send(large);
    const std::string refusal = second.read_to_end();
    CHECK(refusal.starts_with("HTTP/1.1 503 "));
    CHECK(refusal.contains("Retry-After: 1\r\n"));
  }
  Client small(fixture.server.port());
  small.send(post("/a", std::string(40, 'a')));
  CHECK(small.read_answer().starts_with("HTTP/1.1 200 "));
  respond({});
  CHECK(first.read_answer().starts_with("HTTP/1.1 200 "));
  first.send(post("/a", std::string(60, 'a')));
  CHECK(first.read_answer().starts_with("HTTP/1.1 200 "));
}

TEST_CASE("what an admission holds is let go once the request is answered, has failed, or becomes a stream") {
  ServerFixture fixture;
  std::weak_ptr<const void> held;
  fixture.handler.on_admit = [&](const Request&) {
    const auto made = std::make_shared<const int>(1);
    held = made;
    Admission admission = Accept{};
    admission.held = made;
    return admission;
  };
  std::promise<Responder> asked;
  fixture.handler.on_answer = [&](const Request&, Responder respond) { asked.set_value(std::move(respond)); };
  Client client(fixture.server.port());
  SECTION("answered") {
    client.send(get("/a"));
    Responder respond = asked.get_future().get();
    CHECK_FALSE(held.expired());
    respond({});
    client.read_answer();
    CHECK(fixture.server.stop(10s));
  }
  SECTION("without its body") {
    client.send("POST /a HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n");
    client.read_until("100 Continue");
    CHECK_FALSE(held.expired());
    CHECK_FALSE(fixture.server.stop(0s));
  }
  SECTION("a stream") {
    client.send(get("/feed"));
    Responder respond = asked.get_future().get();
    CHECK_FALSE(held.expired());
    Stream stream = respond.stream({.status = 200, .content_type = "text/event-stream", .body = "", .headers = {}});
    CHECK(stream.send("id: 1\n\n"));
    client.read_until("id: 1");
  }
  CHECK(held.expired());
}

TEST_CASE("a path is logged only where something was found") {
  ServerFixture fixture;
  fixture.handler.on_admit = [](const Request& head) -> std::variant<Response, Accept> {
    if (head.path == "/known") return Accept{};
    return problem(404, base::Code::NotFound, "There is nothing.");
  };
  Client client(fixture.server.port());
  client.send(get("/known?name=secret") + get("/somchai"));
  client.read_answer();
  client.read_answer();
  CHECK(fixture.server.stop(5s));
  CHECK(fixture.lines.str().contains("\"path\":\"/known\""));
  CHECK_FALSE(fixture.lines.str().contains("secret"));
  CHECK_FALSE(fixture.lines.str().contains("somchai"));
}

}  // namespace
}  // namespace tamroi::http
