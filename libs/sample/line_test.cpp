#include "sample/line.h"

#include <catch2/catch_test_macros.hpp>

namespace tamroi::sample {
namespace {

std::string problem(std::string_view text) {
  base::Json document;
  const auto line = parse_line(text, document);
  return line ? "" : line.error();
}

}  // namespace

TEST_CASE("a line says when, as whom and where to") {
  const Line line{.at = base::parse_instant("2022-04-01T02:00:00Z").value(), .as = "officer@2401", .body = R"({"id":"x"})"};
  CHECK(to_text(line) == "{\"at\":\"2022-04-01T09:00:00+07:00\",\"as\":\"officer@2401\",\"to\":\"submissions\",\"body\":{\"id\":\"x\"}}\n");
  Line meant = line;
  meant.control = meant.rejected = true;
  CHECK(to_text(meant).find(R"("to":"controls","meant":"rejected","body")") != std::string::npos);
}

TEST_CASE("a body is kept as it is written") {
  base::Json document;
  const auto line = parse_line(R"( {"body": { "b" : 1.0 , "a":"\u0041" }, "to":"controls","as":"a@TH","at":"2022-04-01T09:00:00Z"} )", document);
  REQUIRE(line.has_value());
  CHECK(line->body == R"({ "b" : 1.0 , "a":"\u0041" })");
  CHECK(line->control);
  CHECK_FALSE(line->rejected);
}

TEST_CASE("what is no line is told with a reason") {
  CHECK(problem("[]") == "A line is a JSON object.");
  CHECK(problem("{") != "");
  CHECK(problem(R"({"at":"2022-04-01","as":"a@TH","to":"controls","body":{}})").starts_with("\"at\" is no time"));
  CHECK(problem(R"({"at":"2022-04-01T09:00:00Z","as":"a","to":"controls","body":{}})").starts_with("\"as\""));
  CHECK(problem(R"({"at":"2022-04-01T09:00:00Z","as":"@TH","to":"controls","body":{}})").starts_with("\"as\""));
  CHECK(problem(R"({"at":"2022-04-01T09:00:00Z","as":"a@","to":"controls","body":{}})").starts_with("\"as\""));
  CHECK(problem(R"({"at":"2022-04-01T09:00:00Z","as":"a@TH","to":"reports","body":{}})").starts_with("\"to\""));
  CHECK(problem(R"({"at":"2022-04-01T09:00:00Z","as":"a@TH","to":"controls","body":[]})").starts_with("\"body\""));
  CHECK(problem(R"({"at":"2022-04-01T09:00:00Z","as":"a@TH","to":"controls","body":{},"meant":"well"})").starts_with("\"meant\""));
  CHECK(problem(R"({"at":"2022-04-01T09:00:00Z","as":"a@TH","to":"controls","body":{},"why":1})") == "A line has no member \"why\".");
}

}  // namespace tamroi::sample
