#include "query/parameters.h"

#include <catch2/catch_test_macros.hpp>

namespace tamroi::query {
namespace {

http::Request asking(std::string limit) {
  http::Request request;
  request.query.emplace_back("limit", std::move(limit));
  return request;
}

TEST_CASE("a page has as many rows as are asked for, up to what the server gives") {
  CHECK(rows_of(http::Request(), 1000) == 100);
  CHECK(rows_of(http::Request(), 7) == 7);
  CHECK(rows_of(asking("1"), 1000) == 1);
  CHECK(rows_of(asking("1000"), 1000) == 1000);
  CHECK(rows_of(asking("1000"), 7) == 7);
}

TEST_CASE("a limit that no server takes is refused, whatever this one gives") {
  for (const char* limit : {"0", "1001", "-1", "x", ""}) {
    INFO(limit);
    CHECK_FALSE(rows_of(asking(limit), 1000).has_value());
    CHECK_FALSE(rows_of(asking(limit), 7).has_value());
  }
}

}  // namespace
}  // namespace tamroi::query
