#include "http/reply.h"

#include "base/check.h"

#include <catch2/catch_test_macros.hpp>

namespace tamroi::http {
namespace {

using Headers = std::vector<std::pair<std::string, std::string>>;

Response with(const Headers& headers, std::string content_type = "") {
  return {.status = 200, .content_type = std::move(content_type), .body = "", .headers = headers};
}

std::string rendered(const Response& response) { return render_head(response, "id-1", BodyFraming::Length, false); }

TEST_CASE("every answer has its safe headers") {
  CHECK(rendered({.status = 200, .content_type = "text/plain", .body = "hello", .headers = {{"Allow", "GET"}}}) ==
        "HTTP/1.1 200 OK\r\nRequest-Id: id-1\r\nX-Content-Type-Options: nosniff\r\nAllow: GET\r\n"
        "Cache-Control: no-store\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\n");
}

TEST_CASE("CR and LF never reach a response header") {
  const std::string head = rendered(with({{"X", "1\r\n\r\n2"}}, "a\r\nB: c"));
  CHECK(head.contains("X: 1    2\r\n"));
  CHECK(head.contains("Content-Type: a  B: c\r\n"));
  CHECK_THROWS_AS(rendered(with({{"X: y\r\nZ", "1"}})), base::Defect);
}

TEST_CASE("an answer may choose its Cache-Control but not its framing") {
  const std::string head = rendered(with({{"cache-control", "max-age=9"}}));
  CHECK(head.contains("cache-control: max-age=9\r\n"));
  CHECK_FALSE(head.contains("no-store"));
  CHECK_THROWS_AS(rendered(with({{"Content-LENGTH", "1"}})), base::Defect);
}

TEST_CASE("an answer without a body has no length") {
  CHECK_FALSE(rendered({.status = 204, .content_type = "", .body = "", .headers = {}}).contains("Content-Length"));
  CHECK_FALSE(rendered({.status = 304, .content_type = "", .body = "", .headers = {}}).contains("Content-Length"));
}

}  // namespace
}  // namespace tamroi::http
