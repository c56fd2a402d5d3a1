#include "http/response.h"

#include <catch2/catch_test_macros.hpp>

#include <vector>

namespace tamroi::http {
namespace {

TEST_CASE("problem json lists every problem in order") {
  const std::vector<base::Problem> problems = {{base::Code::MissingField, "/unit", "The unit is missing."},
                                               {base::Code::BadValue, "/a~1b", "Not a \"number\"\n."}};
  const Response response = problem(422, problems);
  CHECK(response.status == 422);
  CHECK(response.content_type == "application/problem+json");
  CHECK(response.body ==
        R"({"type":"about:blank","title":"Unprocessable Content","status":422,"problems":[)"
        R"({"code":"missing_field","where":"/unit","why":"The unit is missing."},)"
        R"({"code":"bad_value","where":"/a~1b","why":"Not a \"number\"\n."}]})");
}

TEST_CASE("an answer above a cap says when to come back") {
  const Response response = later(429, base::Code::TooManyRequests, "Too many.", 5);
  REQUIRE(response.headers.size() == 1);
  CHECK(response.headers[0] == std::pair<std::string, std::string>{"Retry-After", "5"});
}

}  // namespace
}  // namespace tamroi::http
