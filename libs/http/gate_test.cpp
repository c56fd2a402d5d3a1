#include "http/gate.h"

#include <catch2/catch_test_macros.hpp>

namespace tamroi::http {
namespace {

GateRules rules() { return {.methods = {"GET", "POST"}, .hosts = {"localhost", "localhost:80"}}; }

std::expected<Head, Response> inspected(std::string_view lines) { return inspect(lines, rules()); }

HeaderScan::State scanned(std::string_view bytes) { return HeaderScan().scan(bytes, 100); }

TEST_CASE("a scan finds the end of the header wherever the bytes are cut") {
  const std::string_view bytes = "GET / HTTP/1.1\r\nHost: a\r\n\r\nGET";
  for (std::size_t cut = 0; cut < bytes.size(); ++cut) {
    HeaderScan scan;
    if (scan.scan(bytes.substr(0, cut), 100) == HeaderScan::State::Incomplete) {
      REQUIRE(scan.scan(bytes, 100) == HeaderScan::State::Complete);
    }
    CHECK(scan.size() == 27);
  }
}

TEST_CASE("a scan stops at a bare CR or LF and at the bound") {
  CHECK(scanned("GET / HTTP/1.1\n") == HeaderScan::State::Broken);
  CHECK(scanned("GET / HTTP/1.1\rHost") == HeaderScan::State::Broken);
  CHECK(scanned("GET / HTTP/1.1\r\r\n") == HeaderScan::State::Broken);
  CHECK(scanned("\n") == HeaderScan::State::Broken);
  CHECK(scanned(std::string(100, 'a')) == HeaderScan::State::Incomplete);
  CHECK(scanned(std::string(101, 'a')) == HeaderScan::State::Broken);
  CHECK(scanned(std::string(96, 'a') + "\r\n\r\n") == HeaderScan::State::Complete);
  CHECK(scanned(std::string(97, 'a') + "\r\n\r\n") == HeaderScan::State::Broken);
}

TEST_CASE("a sound header is read with names in lower case and values trimmed") {
  const auto head =
      inspected("POST /a/b?c=d HTTP/1.1\r\nHOST: LocalHost\r\nX-One: \t v w \r\nContent-Length: 12\r\n\r\n");
  REQUIRE(head);
  CHECK(head->request.method == "POST");
  CHECK(head->request.segments == std::vector<std::string>{"a", "b"});
  CHECK(head->request.parameter("c") == "d");
  CHECK(head->request.header("x-one") == "v w");
  CHECK_FALSE(head->request.header("x-two"));
  CHECK(head->content_length == 12);
  CHECK(head->keep_alive);
  CHECK_FALSE(head->chunked);
}

TEST_CASE("a connection closes when asked to, and always with HTTP/1.0") {
  CHECK_FALSE(inspected("GET / HTTP/1.1\r\nHost: localhost\r\nConnection: x, Close\r\n\r\n")->keep_alive);
  CHECK_FALSE(inspected("GET / HTTP/1.0\r\nHost: localhost\r\nConnection: keep-alive\r\n\r\n")->keep_alive);
}

TEST_CASE("Content-Length has one spelling") {
  const std::string start = "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: ";
  for (const char* good : {"0", "7", "10", "9999999999"}) {
    INFO(good);
    CHECK(inspected(start + good + "\r\n\r\n"));
  }
  for (const char* bad : {"", "05", "00", "5, 5", "+5", "-1", "5 5", "0x5", "5a", "99999999999"}) {
    INFO(bad);
    const auto head = inspected(start + bad + "\r\n\r\n");
    REQUIRE_FALSE(head);
    CHECK(head.error().status == 400);
  }
}

TEST_CASE("the gate itself refuses what Beast might refuse too") {
  for (const std::string lines : {"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", "X-A: 1\x01\r\n", "X-A\r\n",
                                  "Content-Length: 5\r\nContent-Length: 5\r\n", " folded\r\n", "X-A : 1\r\n"}) {
    INFO(lines);
    const auto head = inspected("POST / HTTP/1.1\r\nHost: localhost\r\n" + lines + "\r\n");
    REQUIRE_FALSE(head);
    CHECK(head.error().status == 400);
  }
}

TEST_CASE("only 100-continue can be expected, and only before a body") {
  const auto expecting = [](std::string_view value, std::string_view length) {
    return inspected("POST / HTTP/1.1\r\nHost: localhost\r\nExpect: " + std::string(value) +
                     "\r\nContent-Length: " + std::string(length) + "\r\n\r\n");
  };
  CHECK(expecting("100-Continue", "5")->expects_continue);
  CHECK_FALSE(expecting("100-continue", "0")->expects_continue);
  CHECK(expecting("200-ok", "5").error().status == 417);
}

TEST_CASE("where no methods are listed the handler refuses them") {
  constexpr std::string_view header = "DELETE / HTTP/1.1\r\nHost: localhost\r\n\r\n";
  auto any = rules();
  CHECK(inspect(header, any).error().status == 405);
  any.methods.clear();
  CHECK(inspect(header, any)->request.method == "DELETE");
}

}  // namespace
}  // namespace tamroi::http
