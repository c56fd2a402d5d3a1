#include <catch2/catch_test_macros.hpp>

#include "event/outcome.h"

namespace tamroi::event {
namespace {

Outcome with(std::vector<base::Problem> problems) {
  Outcome outcome;
  set_problems(outcome, std::move(problems));
  return outcome;
}

std::string why_of(std::string text) { return with({{base::Code::BadValue, "", std::move(text)}}).problems[0].why; }

const std::string ko_kai = "\u0E01";  // three bytes

}  // namespace

TEST_CASE("few and short problems stay as they are, in their order") {
  const std::vector<base::Problem> problems{{base::Code::Malformed, "/b", "b"}, {base::Code::TooLarge, "/a", "a"}};
  REQUIRE(with(problems).problems == problems);
  REQUIRE(with(problems).problems_total == 2);
  REQUIRE(with({}).problems_total == 0);
}

TEST_CASE("a long text is cut to 512 bytes") {
  REQUIRE(why_of(std::string(512, 'x')).size() == 512);
  REQUIRE(why_of(std::string(513, 'x')).size() == 512);
  REQUIRE(with({{base::Code::BadValue, std::string(600, 'x'), ""}}).problems[0].where.size() == 512);
}

TEST_CASE("a code point across the limit is left out whole") {
  REQUIRE(why_of(std::string(510, 'x') + ko_kai) == std::string(510, 'x'));
  REQUIRE(why_of(std::string(511, 'x') + ko_kai) == std::string(511, 'x'));
  REQUIRE(why_of(std::string(509, 'x') + ko_kai + "y") == std::string(509, 'x') + ko_kai);
  REQUIRE(why_of(std::string(509, 'x') + "\U0001F33E") == std::string(509, 'x'));
}

TEST_CASE("text that is no UTF-8 is cut too") { REQUIRE(why_of(std::string(600, '\x80')).size() == 512); }

TEST_CASE("at most 1,000 problems are kept, and all are counted") {
  const Outcome outcome = with(std::vector<base::Problem>(1001, {base::Code::BadValue, "/x", "y"}));
  REQUIRE(outcome.problems.size() == 1000);
  REQUIRE(outcome.problems_total == 1001);
}

TEST_CASE("at most 256 KiB of text are kept, after the cut") {
  const base::Problem longest{base::Code::BadValue, std::string(512, 'x'), std::string(9000, 'y')};
  const Outcome outcome = with(std::vector<base::Problem>(300, longest));
  REQUIRE(outcome.problems.size() == 256);
  REQUIRE(outcome.problems_total == 300);
}

TEST_CASE("nothing after the first problem left out is kept") {
  std::vector<base::Problem> problems(256, {base::Code::BadValue, std::string(512, 'x'), std::string(511, 'y')});
  problems.push_back({base::Code::BadValue, std::string(257, 'x'), ""});
  problems.push_back({base::Code::BadValue, "", ""});
  REQUIRE(with(problems).problems.size() == 256);
}

}  // namespace tamroi::event
