#include "http/server_fixture.h"

#include <catch2/catch_test_macros.hpp>

#include <future>
#include <list>
#include <thread>

namespace tamroi::http {
namespace {

using namespace std::chrono_literals;

TEST_CASE("a good request is answered and the connection kept") {
  ServerFixture fixture;
  Client client(fixture.server.port());
  for (int i = 0; i < 3; ++i) {
    client.send(post("/a", "hello"));
    const std::string answer = client.read_answer();
    CHECK(answer.starts_with("HTTP/1.1 200 OK\r\n"));
    CHECK(answer.ends_with("\r\n\r\nPOST /a hello"));
    CHECK(answer.contains("X-Content-Type-Options: nosniff\r\n"));
    CHECK(answer.contains("Cache-Control: no-store\r\n"));
    CHECK_FALSE(answer.contains("Connection: close"));
  }
}

TEST_CASE("a request that arrives byte by byte is answered") {
  ServerFixture fixture;
  Client client(fixture.server.port());
  for (const char byte : post("/slow", "body")) client.send({&byte, 1});
  CHECK(client.read_answer().ends_with("POST /slow body"));
}

TEST_CASE("pipelined requests are answered in order") {
  ServerFixture fixture;
  Client client(fixture.server.port());
  std::string requests;
  for (int i = 0; i < 50; ++i) {
    const std::string path = "/" + std::to_string(i);
    requests += i % 2 == 0 ? get(path) : post(path, "x");
  }
  client.send(requests);
  for (int i = 0; i < 50; ++i) CHECK(client.read_answer().contains(" /" + std::to_string(i) + " "));
}

TEST_CASE("a chunked body arrives whole and the connection goes on") {
  ServerFixture fixture;
  Client client(fixture.server.port());
  client.send("POST /c HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n5;x=y\r\nhello\r\n");
  client.send("6\r\n world\r\n0\r\nTrailer: 1\r\n\r\n" + get("/next"));
  CHECK(client.read_answer().ends_with("POST /c hello world"));
  CHECK(client.read_answer().ends_with("GET /next "));
}

TEST_CASE("a large body arrives whole") {
  ServerFixture fixture;
  fixture.handler.on_admit = [](const Request&) { return Accept{.body_bytes_max = 4 << 20}; };
  Client client(fixture.server.port());
  const std::string body(3 << 20, 'b');
  client.send(post("/l", body));
  CHECK(client.read_answer().ends_with("POST /l " + body));
}

TEST_CASE("a body over the limit is refused, announced or not") {
  ServerFixture fixture;
  fixture.handler.on_admit = [](const Request&) { return Accept{.body_bytes_max = 10}; };
  for (const std::string& request :
       {post("/a", "12345678901"),
        std::string("POST /a HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
                    "6\r\n123456\r\n5\r\n12345\r\n0\r\n\r\n")}) {
    Client client(fixture.server.port());
    client.send(request + get("/second"));
    const std::string answer = client.read_to_end();
    CHECK(answer.starts_with("HTTP/1.1 413 "));
    CHECK(answer.contains("\"too_large\""));
    CHECK(count_of(answer, "HTTP/1.1 ") == 1);
  }
  CHECK(fixture.handler.answered == 0);
  Client client(fixture.server.port());
  client.send(post("/a", "1234567890"));
  CHECK(client.read_answer().starts_with("HTTP/1.1 200 "));
}

TEST_CASE("chunk extensions and trailers without an end are refused") {
  ServerFixture fixture;
  for (const std::string& start : {std::string("5;"), std::string("0\r\nX: ")}) {
    Client client(fixture.server.port());
    client.send("POST /c HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n" + start +
                std::string(400 * 1024, 'x'));
    CHECK(client.read_to_end().starts_with("HTTP/1.1 400 "));
  }
  CHECK(fixture.handler.answered == 0);
}

TEST_CASE("who is not admitted is told before the body, and what follows is not read as a request") {
  ServerFixture fixture;
  fixture.handler.on_admit = [](const Request& head) -> std::variant<Response, Accept> {
    CHECK(head.body.empty());
    return problem(403, base::Code::NotPermitted, "Not for this role.");
  };
  Client client(fixture.server.port());
  client.send("POST /a HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000\r\n\r\n");
  client.send(get("/second"));
  const std::string answer = client.read_to_end();
  CHECK(answer.starts_with("HTTP/1.1 403 "));
  CHECK(answer.contains("Connection: close\r\n"));
  CHECK(count_of(answer, "HTTP/1.1 ") == 1);
  CHECK(fixture.handler.answered == 0);
  CHECK(fixture.handler.admitted == 1);
}

TEST_CASE("who is not admitted without a body may ask again") {
  ServerFixture fixture;
  fixture.handler.on_admit = [](const Request&) { return problem(401, base::Code::Unauthorized, "Who is it?"); };
  Client client(fixture.server.port());
  client.send(get("/a") + get("/b"));
  CHECK(client.read_answer().starts_with("HTTP/1.1 401 "));
  CHECK(client.read_answer().starts_with("HTTP/1.1 401 "));
}

TEST_CASE("100 Continue comes after admission and before the body") {
  ServerFixture fixture;
  const std::string head = "POST /a HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n";
  Client client(fixture.server.port());
  client.send(head);
  CHECK(client.read_until("\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n");
  client.send("hello");
  CHECK(client.read_until("POST /a hello").contains("HTTP/1.1 200 OK\r\n"));

  fixture.handler.on_admit = [](const Request&) { return problem(401, base::Code::Unauthorized, "Who is it?"); };
  Client refused(fixture.server.port());
  refused.send(head);
  CHECK(refused.read_to_end().starts_with("HTTP/1.1 401 "));
}

TEST_CASE("an answer from another thread arrives, and so does one for a request dropped") {
  ServerFixture fixture;
  std::list<std::thread> threads;
  fixture.handler.on_answer = [&](Request request, Responder respond) {
    if (request.path == "/dropped") return;
    threads.emplace_back([responder = std::move(respond)]() mutable {
      responder({.status = 202, .content_type = "", .body = "later", .headers = {}});
    });
  };
  Client client(fixture.server.port());
  for (int i = 0; i < 20; ++i) {
    client.send(get("/a"));
    CHECK(client.read_answer().starts_with("HTTP/1.1 202 Accepted\r\n"));
  }
  client.send(get("/dropped"));
  const std::string answer = client.read_answer();
  CHECK(answer.starts_with("HTTP/1.1 503 "));
  CHECK(answer.contains("Retry-After: 1\r\n"));
  for (std::thread& thread : threads) thread.join();
}

TEST_CASE("a failing handler gives 503 without internals") {
  ServerFixture fixture;
  fixture.handler.on_answer = [](const Request&, const Responder&) { throw std::runtime_error("secret path"); };
  Client client(fixture.server.port());
  client.send(get("/a"));
  const std::string answer = client.read_answer();
  CHECK(answer.starts_with("HTTP/1.1 503 "));
  CHECK_FALSE(answer.contains("secret"));
  fixture.server.stop(1s);
  CHECK(fixture.lines.str().contains("secret path"));
}

TEST_CASE("a safe request id is kept and any other replaced") {
  ServerFixture fixture;
  Client client(fixture.server.port());
  client.send(get("/a", "Request-Id: my.id_1-2\r\n"));
  CHECK(client.read_answer().contains("Request-Id: my.id_1-2\r\n"));
  client.send(get("/a", "Request-Id: not safe\r\n"));
  CHECK_FALSE(client.read_answer().contains("not safe"));
  client.send(get("/a", "Request-Id: " + std::string(65, 'a') + "\r\n"));
  CHECK_FALSE(client.read_answer().contains("aaaaa"));
  fixture.server.stop(1s);
  CHECK(fixture.lines.str().contains("\"request_id\":\"my.id_1-2\""));
}

TEST_CASE("only a trusted proxy says for whom it asks") {
  const auto remote = [](const ServerOptions& options) {
    ServerFixture fixture(options);
    std::string seen;
    fixture.handler.on_answer = [&](const Request& request, Responder respond) {
      seen = request.remote;
      respond({});
    };
    Client client(fixture.server.port());
    client.send(get("/a", "X-Forwarded-For: 10.0.0.9, 203.0.113.7\r\n"));
    client.read_answer();
    fixture.server.stop(1s);
    return seen;
  };
  CHECK(remote({}) == "127.0.0.1");
  ServerOptions trusting;
  trusting.trusted_proxies = {"127.0.0.1"};
  CHECK(remote(trusting) == "203.0.113.7");
}

TEST_CASE("metrics count answers by route and class, refusals by code, and open connections") {
  ServerFixture fixture;
  Client client(fixture.server.port());
  client.send(get("/a") + get("/b") + "DELETE / HTTP/1.1\r\nHost: localhost\r\n\r\n");
  client.read_to_end();
  CHECK(fixture.server.stop(5s));
  const std::string text = fixture.metrics.expose();
  CHECK(text.contains("tamroi_http_request_duration_seconds_count{route=\"/everything\",status=\"2xx\"} 2\n"));
  CHECK(text.contains("tamroi_http_request_duration_seconds_count{route=\"none\",status=\"4xx\"} 1\n"));
  CHECK(text.contains("tamroi_http_refusals_total{code=\"method_not_allowed\"} 1\n"));
  CHECK(text.contains("tamroi_http_connections 0\n"));
  CHECK(text.contains("tamroi_http_requests_in_flight 0\n"));
}

}  // namespace
}  // namespace tamroi::http
