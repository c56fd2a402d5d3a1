#include "http/server_fixture.h"

#include <catch2/catch_test_macros.hpp>

#include <vector>

namespace tamroi::http {
namespace {

struct Attack {
  std::string name;
  std::string bytes;
  int status = 400;
};

std::string head(std::string_view lines) {
  return "POST /a HTTP/1.1\r\nHost: localhost\r\n" + std::string(lines) + "\r\n";
}

std::string many_fields(int count) {
  std::string fields;
  for (int i = 0; i < count; ++i) fields += "X-" + std::to_string(i) + ": 1\r\n";
  return fields;
}

// Each is followed by a second request, which must never be seen.
std::vector<Attack> framing_attacks() {
  return {
      {"gzip before Content-Length", head("Transfer-Encoding: gzip\r\nContent-Length: 5\r\n") + "hello"},
      {"identity before Content-Length", head("Transfer-Encoding: identity\r\nContent-Length: 5\r\n") + "hello"},
      {"xchunked", head("Transfer-Encoding: xchunked\r\n") + "5\r\nhello\r\n0\r\n\r\n"},
      {"chunked, identity", head("Transfer-Encoding: chunked, identity\r\n") + "0\r\n\r\n"},
      {"gzip, chunked", head("Transfer-Encoding: gzip, chunked\r\n") + "0\r\n\r\n"},
      {"empty coding", head("Transfer-Encoding:\r\n")},
      {"two codings", head("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n") + "0\r\n\r\n"},
      {"chunked with Content-Length", head("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n") + "0\r\n\r\n"},
      {"Content-Length with chunked", head("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n") + "0\r\n\r\n"},
      {"chunked on HTTP/1.0", "POST /a HTTP/1.0\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"},
      {"Content-Length twice", head("Content-Length: 5\r\nContent-Length: 5\r\n") + "hello"},
      {"Content-Length twice, different", head("Content-Length: 5\r\ncontent-length: 0\r\n") + "hello"},
      {"Content-Length 5, 5", head("Content-Length: 5, 5\r\n") + "hello"},
      {"Content-Length 05", head("Content-Length: 05\r\n") + "hello"},
      {"Content-Length +5", head("Content-Length: +5\r\n") + "hello"},
      {"Content-Length -1", head("Content-Length: -1\r\n")},
      {"Content-Length of 11 digits", head("Content-Length: 99999999999\r\n")},
      {"Content-Length empty", head("Content-Length: \r\n")},
      {"space before the colon", head("Content-Length : 5\r\n") + "hello"},
      {"tab before the colon", head("Transfer-Encoding\t: chunked\r\n") + "0\r\n\r\n"},
      {"folded line", head("X-A: 1\r\n chunked\r\n")},
      {"folded Transfer-Encoding", head("Transfer-Encoding:\r\n chunked\r\n") + "0\r\n\r\n"},
      {"folded first line", "GET /a HTTP/1.1\r\n Host: localhost\r\n\r\n"},
      {"bare LF", "GET /a HTTP/1.1\nHost: localhost\n\n"},
      {"bare LF between fields", head("X-A: 1\nContent-Length: 5\r\n") + "hello"},
      {"bare CR", head("X-A: 1\rContent-Length: 5\r\n") + "hello"},
      {"CR CR LF", head("X-A: 1\r\r\n")},
      {"a bad chunk size", head("Transfer-Encoding: chunked\r\n") + "zz\r\nhello\r\n0\r\n\r\n"},
      {"LF in a quoted extension", head("Transfer-Encoding: chunked\r\n") + "5;a=\"\n\"\r\nhello\r\n0\r\n\r\n"},
      {"CR in a quoted extension", head("Transfer-Encoding: chunked\r\n") + "5;a=\"\r\"\r\nhello\r\n0\r\n\r\n"},
      {"a chunk longer than its size", head("Transfer-Encoding: chunked\r\n") + "3\r\nhello\r\n0\r\n\r\n"},
  };
}

std::vector<Attack> header_attacks() {
  const auto target = [](std::string_view text) {
    return "GET " + std::string(text) + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
  };
  return {
      {"no Host", "GET /a HTTP/1.1\r\n\r\n"},
      {"no Host on HTTP/1.0", "GET /a HTTP/1.0\r\n\r\n"},
      {"two Hosts", head("Host: localhost\r\n")},
      {"empty Host", "GET /a HTTP/1.1\r\nHost:\r\n\r\n"},
      {"unknown Host", "GET /a HTTP/1.1\r\nHost: evil.example\r\n\r\n"},
      {"known Host with another port", "GET /a HTTP/1.1\r\nHost: localhost:1\r\n\r\n"},
      {"known Host with a tail", "GET /a HTTP/1.1\r\nHost: localhost.evil.example\r\n\r\n"},
      {"absolute form", target("http://localhost/a")},
      {"asterisk form", target("*")},
      {"authority form", "CONNECT localhost:80 HTTP/1.1\r\nHost: localhost\r\n\r\n"},
      {"raw UTF-8 target", target("/\xE0\xB8\x81")},
      {"a space in the target", target("/a b")},
      {"a tab in the target", target("/a\tb")},
      {"an encoded slash", target("/a%2Fb")},
      {"a bad percent encoding", target("/a%2")},
      {"an encoded NUL", target("/a%00")},
      {"dot segments", target("/a/../b")},
      {"a target too long", target("/" + std::string(2048, 'a'))},
      {"65 fields", "GET /a HTTP/1.1\r\nHost: localhost\r\n" + many_fields(64) + "\r\n"},
      {"900 fields", "GET /a HTTP/1.1\r\nHost: localhost\r\n" + many_fields(900) + "\r\n"},
      {"a header too long", head("X-A: " + std::string(8192, 'a') + "\r\n")},
      {"a header too long without an end", "GET /a HTTP/1.1\r\nX-A: " + std::string(9000, 'a')},
      {"no colon", head("X-A\r\n")},
      {"an empty name", head(": 1\r\n")},
      {"a bad name", head("X A: 1\r\n")},
      {"a NUL in a value", head(std::string("X-A: 1\0002\r\n", 11))},
      {"raw UTF-8 in a value", head("X-A: \xE0\xB8\x81\r\n")},
      {"HTTP/1.2", "GET /a HTTP/1.2\r\nHost: localhost\r\n\r\n"},
      {"HTTP/2.0", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"},
      {"HTTP/0.9", "GET /a\r\n\r\n"},
      {"lower-case version", "GET /a http/1.1\r\nHost: localhost\r\n\r\n"},
      {"two spaces", "GET  /a HTTP/1.1\r\nHost: localhost\r\n\r\n"},
      {"an empty first line", "\r\nGET /a HTTP/1.1\r\nHost: localhost\r\n\r\n"},
      {"TLS", std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\n", 12)},
      {"Upgrade", head("Connection: Upgrade\r\nUpgrade: websocket\r\n")},
      {"Expect", head("Expect: 200-ok\r\nContent-Length: 5\r\n") + "hello", 417},
      {"a method outside the table", "DELETE /a HTTP/1.1\r\nHost: localhost\r\n\r\n", 405},
      {"HEAD", "HEAD /a HTTP/1.1\r\nHost: localhost\r\n\r\n", 405},
      {"a method in lower case", "get /a HTTP/1.1\r\nHost: localhost\r\n\r\n", 405},
  };
}

void refuses(const Attack& attack) {
  INFO(attack.name);
  ServerFixture fixture;
  Client client(fixture.server.port());
  client.send(attack.bytes + get("/second"));
  const std::string answer = client.read_to_end();
  CHECK(answer.starts_with("HTTP/1.1 " + std::to_string(attack.status) + " "));
  CHECK(count_of(answer, "HTTP/1.1 ") == 1);
  CHECK(answer.contains("Connection: close\r\n"));
  CHECK(answer.contains("Request-Id: "));
  CHECK(answer.contains("Content-Type: application/problem+json\r\n"));
  const char* code = attack.status == 400   ? "\"code\":\"malformed\""
                     : attack.status == 417 ? "\"code\":\"expectation_failed\""
                                            : "\"code\":\"method_not_allowed\"";
  CHECK(answer.contains(code));
  CHECK(answer.contains("Allow: GET, POST\r\n") == (attack.status == 405));
  CHECK(fixture.handler.answered == 0);
}

TEST_CASE("a body whose end could be understood otherwise is refused and the connection closes") {
  for (const Attack& attack : framing_attacks()) refuses(attack);
}

TEST_CASE("a header outside the strict form is refused and the connection closes") {
  for (const Attack& attack : header_attacks()) refuses(attack);
}

TEST_CASE("an attack in pieces is refused as one in a whole") {
  ServerFixture fixture;
  for (const Attack& attack : framing_attacks()) {
    INFO(attack.name);
    Client client(fixture.server.port());
    for (const char byte : attack.bytes) client.send({&byte, 1});
    CHECK(client.read_to_end().starts_with("HTTP/1.1 400 "));
  }
  CHECK(fixture.handler.answered == 0);
}

TEST_CASE("what is just within the bounds passes") {
  ServerFixture fixture;
  Client client(fixture.server.port());
  client.send(get("/" + std::string(2047, 'a')));
  CHECK(client.read_answer().starts_with("HTTP/1.1 200 "));
  client.send(get("/a", many_fields(63)));
  CHECK(client.read_answer().starts_with("HTTP/1.1 200 "));
  const std::string rest = get("/a", "X-A: \r\n");
  client.send(get("/a", "X-A: " + std::string(8192 - rest.size(), 'a') + "\r\n"));
  CHECK(client.read_answer().starts_with("HTTP/1.1 200 "));
}

TEST_CASE("an extension of a chunk that cannot be understood otherwise passes") {
  ServerFixture fixture;
  Client client(fixture.server.port());
  client.send(head("Transfer-Encoding: chunked\r\n") + "5;a=\"b\tc\"\r\nhello\r\n0\r\n\r\n");
  CHECK(client.read_answer().starts_with("HTTP/1.1 200 "));
}

TEST_CASE("every known Host passes, with the port and without") {
  ServerFixture fixture;
  Client client(fixture.server.port());
  for (const std::string host : {"localhost", "LOCALHOST", "127.0.0.1", "[::1]"}) {
    for (const std::string& port : {std::string(), ":" + std::to_string(fixture.server.port())}) {
      client.send("GET / HTTP/1.1\r\nHost: " + host + port + "\r\n\r\n");
      CHECK(client.read_answer().starts_with("HTTP/1.1 200 "));
    }
  }
}

}  // namespace
}  // namespace tamroi::http
