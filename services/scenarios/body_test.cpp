#include "scenarios/body.h"

#include <boost/json.hpp>
#include <catch2/catch_test_macros.hpp>

#include "scenarios/grammar.h"
#include "scenarios/test_world.h"

using namespace tamroi;
using namespace tamroi::scenarios;
namespace json = boost::json;

namespace {

constexpr base::Date today{19153};  // 2022-06-10

json::object body_of(std::string_view text) {
  AnsweringWorld world;
  Bodies bodies("seed", world);
  for (const auto& scenario : parse(expand_lines(text, "one.scenario"), "one.scenario")) {
    for (const Step& step : scenario.steps) {
      if (const auto* submit = std::get_if<Submit>(&step.statement)) {
        return json::parse(bodies.of(*submit, "2565-2", today)).as_object();
      }
      if (const auto* control = std::get_if<Control>(&step.statement)) {
        return json::parse(bodies.of(*control, "2565-2", today)).as_object();
      }
    }
  }
  return {};
}

}  // namespace

TEST_CASE("a bare word is a number where the catalogue says so and a string elsewhere") {
  const auto body = body_of("submit 2401\n  car wheels=4 price=1000 name=true fast=true\n");
  const auto& values = body.at("entries").at(0).at("values");
  CHECK(values.at("wheels") == 4);
  CHECK(values.at("price") == "1000");
  CHECK(values.at("name") == "true");
  CHECK(values.at("fast") == true);
}

TEST_CASE("quotes make strings and backticks JSON, whatever the catalogue says") {
  const auto body = body_of("submit 2401\n  car wheels=\"4\" price=`1000` name=`null`\n");
  const auto& values = body.at("entries").at(0).at("values");
  CHECK(values.at("wheels") == "4");
  CHECK(values.at("price") == 1000);
  CHECK(values.at("name").is_null());
}

TEST_CASE("a document is made up as far as it is not said") {
  const auto body = body_of("submit 2401\n  car photo={pages=2, name=a.pdf}\n");
  const auto& photo = body.at("entries").at(0).at("values").at("photo").as_object();
  CHECK(photo.at("pages") == 2);
  CHECK(photo.at("name") == "a.pdf");
  CHECK(photo.at("sha256").as_string().size() == 64);
  CHECK(photo.at("size_bytes") == 1000);
}

TEST_CASE("a fact without a date is of today, a correction keeps the fact's id") {
  const auto body = body_of("submit 2401\n  car fact one\n  correct one wheels=3 on 2022-06-01\n  withdraw one\n");
  const auto& entries = body.at("entries").as_array();
  CHECK(entries.at(0).at("occurred_on") == "2022-06-10");
  CHECK(entries.at(1).at("fact") == entries.at(0).at("fact"));
  CHECK(entries.at(1).at("values").at("wheels") == 3);
  CHECK_FALSE(entries.at(1).as_object().contains("type"));
  CHECK(entries.at(2).as_object().size() == 2);
}

TEST_CASE("members can be added, changed and left out") {
  const auto body =
      body_of("submit 2401 with unit=7 with note=x without round padded 300\n  car without fact with op=x\n");
  CHECK(body.at("unit") == 7);
  CHECK(body.at("note") == "x");
  CHECK_FALSE(body.contains("round"));
  CHECK_FALSE(body.at("entries").at(0).as_object().contains("fact"));
  CHECK(body.at("entries").at(0).at("op") == "x");
}

TEST_CASE("controls have a round, a reason and numbers where they have numbers") {
  const auto body = body_of("at 2022-06-10\ntarget 24 indicator 7 speed 58 letter \"5011\" on 2022-08-22\n");
  CHECK(body.at("unit") == "24");
  CHECK(body.at("value") == 58);
  CHECK(body.at("round") == "2565-2");
  CHECK(body.at("letter").at("issued_on") == "2022-08-22");
  CHECK(body.contains("reason"));
}

TEST_CASE("a rewritten body is spelled otherwise and parses to the same but for ids and numbers") {
  const std::string body = R"({"id":"ab-1","letter":"ก b","n":5,"list":[1,"x"],"real":1.5})";
  const std::string respelled = rewritten(body);
  CHECK(respelled.find("\"id\"") == std::string::npos);
  const auto parsed = json::parse(respelled).as_object();
  CHECK(parsed.at("id") == "AB-1");
  CHECK(parsed.at("letter") == "ก b");
  CHECK(parsed.at("n").is_double());
  CHECK(parsed.at("list").as_array().at(1) == "x");
  CHECK(parsed.begin()->key() == "real");
}

TEST_CASE("ids in literal JSON are those of the names") {
  AnsweringWorld world;
  const Bodies bodies("seed", world);
  CHECK(bodies.with_ids("[<fact:a>]") == "[" + bodies.fact_id("a") + "]");
  CHECK(bodies.fact_id("a") != bodies.fact_id("b"));
  CHECK(bodies.fact_id("0182AC3E-7C00-7A3E-9B1D-2F6F0F4D9A10") == "0182AC3E-7C00-7A3E-9B1D-2F6F0F4D9A10");
}
