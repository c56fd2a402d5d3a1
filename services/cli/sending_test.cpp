#include "cli/sending.h"

#include <sstream>

#include <catch2/catch_test_macros.hpp>

#include "support/prepared_server.h"

using namespace tamroi::cli;
using tamroi::support::PreparedServer;

namespace {

using Answers = std::vector<PreparedServer::Answer>;

const std::string accepted =
    R"({"id":"a","position":{"stream":"24","offset":7},"verdict":"accepted","problems":[],"changes":[
       {"unit":"2401","round":"r","indicator":6,"before":{"level":0,"score":"0.00"},"after":{"level":1,"score":"2.00"},
        "measures":{"speed":{"before":{"numerator":1,"denominator":2},"after":{"numerator":2,"denominator":2}}}}]})";
const std::string rejected =
    R"({"id":"a","verdict":"rejected","problems":[{"code":"bad_value","where":"/entries/1/on","why":"No such day."}],"problems_total":3})";
const std::string taken = R"({"id":"a","position":{"stream":"24","offset":7}})";
const File file{"some.json", "{\n\"id\": \"a\", \"unit\": \"2401\",\n\"entries\": [\n{},\n{\"on\": 1}]}"};

// One command against a server with these answers.
struct Sending {
  std::ostringstream output;
  std::ostringstream errors;
  Exit exit = Exit::Done;
  std::vector<PreparedServer::Request> asked;
  std::vector<std::chrono::seconds> pauses;

  explicit Sending(Answers answers, const std::vector<File>& files = {file}, bool json = false, bool control = false) {
    PreparedServer server(std::move(answers));
    Client client({.endpoint = {"127.0.0.1", server.port()}, .token = "token", .time = ""});
    const Screen screen{output, errors, {}, {}, json};
    const Pause pause = [this](std::chrono::seconds time) { pauses.push_back(time); };
    exit = control ? send_control(client, files.front(), screen, pause) : submit(client, files, screen, pause);
    asked = server.asked();
  }
};

}  // namespace

TEST_CASE("an accepted submission says where it stands and what it changed") {
  const Sending sending({{.body = accepted}});
  CHECK(sending.exit == Exit::Done);
  CHECK(sending.output.str() ==
        "some.json:1: accepted at 24:7\n"
        "Changed:\n"
        "  2401, indicator 6: level 0 → 1, score 0.00 → 2.00\n"
        "      speed 50 % (1 of 2) → 100 % (2 of 2)\n");
  CHECK(sending.asked.at(0).body() == file.text);
}

TEST_CASE("problems are named with the file's line, and how many are not shown") {
  const Sending sending({{.status = 422, .body = rejected}});
  CHECK(sending.exit == Exit::Refused);
  CHECK(sending.output.str() ==
        "some.json:5: bad_value at /entries/1/on: No such day.\n"
        "some.json:1: and 2 more problems\n");
  CHECK(sending.errors.str().find("under a new id") != std::string::npos);
}

TEST_CASE("many submissions are sent in order, and summed up") {
  const File lines{"many.ndjson", "{\"id\":1}\n{\"id\":2}\n"};
  const Sending sending({{.body = accepted}, {.status = 422, .body = rejected}, {.body = accepted}}, {lines, file});
  CHECK(sending.exit == Exit::Refused);
  REQUIRE(sending.asked.size() == 3);
  CHECK(sending.asked[1].body() == "{\"id\":2}");
  CHECK(sending.output.str().find("many.ndjson:2: bad_value") != std::string::npos);
  CHECK(sending.output.str().find("2 accepted, 1 rejected\n") != std::string::npos);
}

TEST_CASE("for programs each answer is printed as it came, on a line") {
  const Sending sending({{.body = "{\"verdict\":\"accepted\"}"}, {.status = 422, .body = "{\"verdict\":\"rejected\"}"}},
                        {file, file}, true);
  CHECK(sending.output.str() == "{\"verdict\":\"accepted\"}\n{\"verdict\":\"rejected\"}\n");
  CHECK(sending.exit == Exit::Refused);
}

TEST_CASE("a busy server is asked again after the time that it names") {
  const Sending sending(
      {{.status = 503, .body = "{}", .retry_after = "3"}, {.status = 429, .body = "{}"}, {.body = accepted}});
  CHECK(sending.exit == Exit::Done);
  CHECK(sending.pauses == std::vector{std::chrono::seconds(3), std::chrono::seconds(1)});
  CHECK(sending.asked.size() == 3);
}

TEST_CASE("an outcome that takes longer is asked for") {
  const Sending sending({{.status = 202, .body = taken}, {.body = R"({"verdict":"pending"})"}, {.body = accepted}});
  CHECK(sending.exit == Exit::Done);
  REQUIRE(sending.asked.size() == 3);
  CHECK(sending.asked[2].target() == "/v1/submissions/a?unit=2401&position=24%3A7");
}

TEST_CASE("the outcome of an earlier record of that id is not taken for this one's") {
  const std::string earlier = R"({"id":"a","position":{"stream":"24","offset":3},"verdict":"accepted"})";
  const std::string reused = R"({"verdict":"rejected","problems":[{"code":"id_reused","where":"/id","why":"Used."}]})";
  const Sending sending({{.status = 202, .body = taken}, {.body = earlier}, {.status = 409, .body = reused}});
  CHECK(sending.exit == Exit::Refused);
  CHECK(sending.output.str() == "some.json:2: id_reused at /id: Used.\n");
}

TEST_CASE("without an outcome in the end it is not done") {
  const Sending sending({{.status = 202, .body = taken}, {.status = 404, .body = "{}"}});
  CHECK(sending.exit == Exit::Refused);
  CHECK(sending.output.str() == "some.json:1: taken, but not decided yet\n");
  CHECK(sending.errors.str().find("Send the same files again") != std::string::npos);
}

TEST_CASE("an unknown token stops the sending and says what to do") {
  const std::string body = R"({"problems":[{"code":"unauthorized","where":"","why":"Nobody has this token."}]})";
  const Sending sending({{.status = 401, .body = body}}, {file, file, file});
  CHECK(sending.exit == Exit::Refused);
  CHECK(sending.asked.size() == 1);
  CHECK(sending.output.str().starts_with("some.json:1: unauthorized: Nobody has this token.\n"));
  CHECK(sending.errors.str().find("2 of 3 submissions were not sent") != std::string::npos);
  CHECK(sending.errors.str().find("TAMROI_TOKEN") != std::string::npos);
}

TEST_CASE("a file without a submission is a mistake, and nothing is sent") {
  const Sending sending({{.body = accepted}}, {file, {"empty.json", "\n"}});
  CHECK(sending.exit == Exit::WrongUsage);
  CHECK(sending.asked.empty());
  CHECK(sending.errors.str().starts_with("empty.json holds no submission"));
}

TEST_CASE("an answer that is none of a Tamroi server is told with its status") {
  const Sending sending({{.status = 502, .body = "<html>"}});
  CHECK(sending.exit == Exit::Refused);
  CHECK(sending.output.str().find("The server answered 502") != std::string::npos);
}

TEST_CASE("a control says its number, or its problems with their lines") {
  const Sending good({{.body = R"({"verdict":"accepted","number":5,"positions":{"24":1,"25":1}})"}}, {file}, false,
                     true);
  CHECK(good.exit == Exit::Done);
  CHECK(good.asked.at(0).target() == "/v1/controls");
  CHECK(good.output.str() == "some.json:1: accepted as control 5, applied in 2 provinces\n");
  const Sending bad({{.status = 422, .body = rejected}}, {file}, false, true);
  CHECK(bad.exit == Exit::Refused);
  CHECK(bad.output.str().starts_with("some.json:5: bad_value"));
}
