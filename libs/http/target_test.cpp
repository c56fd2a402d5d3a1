#include "http/target.h"

#include <catch2/catch_test_macros.hpp>

namespace tamroi::http {
namespace {

using Segments = std::vector<std::string>;

TEST_CASE("a target is split before it is decoded") {
  const auto target = parse_target("/a%20b/c?x=1%262&y&x=%E0%B8%81&at=10:00+07:00&&=z");
  REQUIRE(target);
  CHECK(target->path == "/a%20b/c");
  CHECK(target->segments == Segments{"a b", "c"});
  CHECK(target->query == Pairs{{"x", "1&2"}, {"y", ""}, {"x", "ก"}, {"at", "10:00+07:00"}, {"", "z"}});
}

TEST_CASE("the root has no segment and a final slash is an empty one") {
  CHECK(parse_target("/")->segments.empty());
  CHECK(parse_target("/a/")->segments == Segments{"a", ""});
  CHECK(parse_target("//a")->segments == Segments{"", "a"});
}

TEST_CASE("tricks in a target are refused") {
  for (const char* target :
       {"", "a", "*", "http://host/a", "/a%2Fb", "/a%2fb", "/%", "/%4", "/%zz", "/a%00", "/a%0d%0a", "/../a", "/a/.",
        "/%2e%2E/a", "/%C0%AF", "/%E0%B8", "/a#b", "/a?x=%", "/a?x=%0", "/a?%GG=1", "/a?x=%00", "/a?x=%FF"}) {
    INFO(target);
    CHECK_FALSE(parse_target(target));
  }
}

}  // namespace
}  // namespace tamroi::http
