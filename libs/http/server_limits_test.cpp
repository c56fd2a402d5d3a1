#include "http/server_fixture.h"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include <future>
#include <thread>
#include <vector>

namespace tamroi::http {
namespace {

using namespace std::chrono_literals;

TEST_CASE("a header that does not end is dropped at its deadline, however often a byte comes") {
  ServerOptions options;
  options.deadlines.header = 60ms;
  ServerFixture fixture(options);
  Client silent(fixture.server.port());
  CHECK(silent.read_to_end().empty());
  Client slow(fixture.server.port());
  slow.send("GET / HTTP/1.1\r\nX: ");
  while (!slow.closed_within(1ms)) slow.send("a");
  CHECK(slow.read_to_end().empty());
  CHECK(fixture.handler.admitted == 0);
}

TEST_CASE("an idle connection and an unfinished body are dropped at their deadlines") {
  ServerOptions options;
  options.deadlines.idle = 50ms;
  options.deadlines.body_least = 50ms;
  ServerFixture fixture(options);
  Client idle(fixture.server.port());
  idle.send(get("/a"));
  CHECK(count_of(idle.read_to_end(), "HTTP/1.1 200") == 1);
  Client unfinished(fixture.server.port());
  unfinished.send("POST /a HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nhell");
  CHECK(unfinished.read_to_end().empty());
  CHECK(fixture.handler.answered == 1);
}

TEST_CASE("a request without an answer gets 503 at its deadline, and the late answer goes nowhere") {
  ServerOptions options;
  options.deadlines.request = 30ms;
  ServerFixture fixture(options);
  std::optional<Responder> kept;
  fixture.handler.on_answer = [&](const Request&, Responder respond) { kept.emplace(std::move(respond)); };
  Client client(fixture.server.port());
  client.send(get("/a"));
  const std::string answer = client.read_to_end();
  CHECK(answer.starts_with("HTTP/1.1 503 "));
  CHECK(answer.contains("\"unavailable\""));
  CHECK(answer.contains("Retry-After: "));
  (*kept)({});
  fixture.server.stop(1s);
}

TEST_CASE("a connection ends after its number of requests, refused ones too") {
  ServerOptions options;
  options.limits.requests_of_connection_max = 3;
  ServerFixture fixture(options);
  const bool admits = GENERATE(true, false);
  if (!admits) fixture.handler.on_admit = [](const Request&) { return problem(401, base::Code::Unauthorized, "Who?"); };
  Client client(fixture.server.port());
  for (int i = 0; i < 5; ++i) client.send(get("/a"));
  const std::string answers = client.read_to_end();
  CHECK(count_of(answers, "HTTP/1.1 ") == 3);
  CHECK(count_of(answers, "Connection: close") == 1);
}

TEST_CASE("connections above a cap are turned away with Retry-After") {
  const auto third = [](const Limits& limits) {
    ServerOptions options;
    options.limits = limits;
    ServerFixture fixture(options);
    Client first(fixture.server.port());
    Client second(fixture.server.port());
    first.send(get("/a"));
    second.send(get("/a"));
    first.read_answer();
    second.read_answer();
    Client last(fixture.server.port());
    return last.read_to_end();
  };
  Limits of_address;
  of_address.connections_of_address_max = 2;
  CHECK(third(of_address).starts_with("HTTP/1.1 429 "));
  CHECK(third(of_address).contains("Retry-After: "));
  Limits in_all;
  in_all.connections_max = 2;
  CHECK(third(in_all).starts_with("HTTP/1.1 503 "));
  CHECK(third(in_all).contains("Retry-After: "));
}

TEST_CASE("requests in flight behind a proxy are counted by the forwarded address") {
  ServerOptions options;
  options.trusted_proxies = {"127.0.0.1"};
  options.limits.requests_of_forwarded_address_max = 1;
  ServerFixture fixture(options);
  std::promise<Responder> held;
  fixture.handler.on_answer = [&](const Request& request, Responder respond) {
    if (request.path == "/held") return held.set_value(std::move(respond));
    respond({});
  };
  Client first(fixture.server.port());
  first.send(get("/held", "X-Forwarded-For: 203.0.113.7\r\n"));
  Responder respond = held.get_future().get();
  Client second(fixture.server.port());
  second.send(get("/a", "X-Forwarded-For: 203.0.113.7\r\n"));
  CHECK(second.read_answer().starts_with("HTTP/1.1 429 "));
  Client other(fixture.server.port());
  other.send(get("/a", "X-Forwarded-For: 203.0.113.8\r\n"));
  CHECK(other.read_answer().starts_with("HTTP/1.1 200 "));
  respond({});
  CHECK(first.read_answer().starts_with("HTTP/1.1 200 "));
}

TEST_CASE("stopping lets a request in flight finish, closes the idle and accepts no more") {
  ServerFixture fixture;
  std::promise<Responder> held;
  fixture.handler.on_answer = [&](const Request& request, Responder respond) {
    if (request.path == "/held") return held.set_value(std::move(respond));
    respond({});
  };
  Client idle(fixture.server.port());
  idle.send(get("/a"));
  idle.read_answer();
  Client busy(fixture.server.port());
  busy.send(get("/held") + get("/after"));
  Responder respond = held.get_future().get();
  std::future<bool> stopped = std::async(std::launch::async, [&] { return fixture.server.stop(10s); });
  CHECK(idle.read_to_end().empty());
  respond({.status = 200, .content_type = "", .body = "finished", .headers = {}});
  const std::string answer = busy.read_to_end();
  CHECK(answer.ends_with("finished"));
  CHECK(answer.contains("Connection: close\r\n"));
  CHECK(stopped.get());
  CHECK_THROWS(Client(fixture.server.port()));
}

TEST_CASE("stopping cuts off what does not finish within the bound") {
  ServerFixture fixture;
  std::promise<Responder> held;
  fixture.handler.on_answer = [&](const Request&, Responder respond) { held.set_value(std::move(respond)); };
  Client client(fixture.server.port());
  client.send(get("/a"));
  Responder respond = held.get_future().get();
  CHECK_FALSE(fixture.server.stop(20ms));
  CHECK(client.read_to_end().empty());
  respond({});
}

TEST_CASE("a stream sends its parts as they come, beyond the deadline of a request, and ends when dropped") {
  ServerOptions options;
  options.deadlines.request = 1ms;
  ServerFixture fixture(options);
  std::promise<Stream> opened;
  fixture.handler.on_answer = [&](const Request&, Responder respond) {
    opened.set_value(respond.stream({.status = 200, .content_type = "text/event-stream", .body = "", .headers = {}}));
  };
  Client client(fixture.server.port());
  client.send(get("/feed"));
  {
    Stream stream = opened.get_future().get();
    CHECK(client.read_until("\r\n\r\n").contains("Transfer-Encoding: chunked\r\n"));
    CHECK(stream.send("id: 1\n\n"));
    client.read_until("7\r\nid: 1\n\n\r\n");
    CHECK(stream.send("id: 22\n\n"));
    client.read_until("8\r\nid: 22\n\n\r\n");
  }
  CHECK(client.read_to_end().ends_with("8\r\nid: 22\n\n\r\n0\r\n\r\n"));
}

TEST_CASE("stopping ends a stream, and a client too far behind loses it") {
  ServerOptions options;
  options.limits.stream_bytes_max = 100;
  ServerFixture fixture(options);
  std::promise<Stream> opened;
  fixture.handler.on_answer = [&](const Request&, Responder respond) {
    opened.set_value(respond.stream({.status = 200, .content_type = "text/event-stream", .body = "", .headers = {}}));
  };
  Client client(fixture.server.port());
  client.send(get("/feed"));
  Stream stream = opened.get_future().get();
  SECTION("stopping") {
    CHECK(fixture.server.stop(5s));
    CHECK(client.read_to_end().ends_with("\r\n\r\n0\r\n\r\n"));
    CHECK_FALSE(stream.send("more"));
  }
  SECTION("too far behind") {
    CHECK_FALSE(stream.send(std::string(101, 'a')));
    CHECK(client.read_to_end().ends_with("\r\n\r\n0\r\n\r\n"));
  }
}

TEST_CASE("several threads serve many connections at once") {
  ServerOptions options;
  options.threads = 3;
  ServerFixture fixture(options);
  std::vector<std::jthread> clients;
  std::atomic<int> good = 0;
  for (int i = 0; i < 8; ++i) {
    clients.emplace_back([&] {
      for (int connection = 0; connection < 5; ++connection) {
        Client client(fixture.server.port());
        for (int request = 0; request < 20; ++request) {
          client.send(post("/a", "hello"));
          if (client.read_answer().ends_with("POST /a hello")) ++good;
        }
      }
    });
  }
  clients.clear();
  CHECK(good == 8 * 5 * 20);
  CHECK(fixture.server.stop(10s));
}

}  // namespace
}  // namespace tamroi::http
