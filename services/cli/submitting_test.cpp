#include "cli/submitting.h"

#include <fstream>
#include <memory>
#include <sstream>

#include <catch2/catch_test_macros.hpp>

#include "support/prepared_server.h"
#include "support/temporary_directory.h"

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

// A file by its name, and what it holds.
struct Given {
  std::string name;
  std::string text;
};
const Given file{"some.json", "{\n\"id\": \"a\", \"unit\": \"2401\",\n\"entries\": [\n{},\n{\"on\": 1}]}"};

// One command against a server with these answers.
struct Sending {
  std::string output;
  std::string errors;
  Exit exit = Exit::Done;
  std::vector<PreparedServer::Request> asked;
  std::vector<std::chrono::seconds> pauses;

  explicit Sending(Answers answers, const std::vector<Given>& given = {file}, bool json = false) {
    const tamroi::support::TemporaryDirectory folder;
    std::vector<std::string> names;
    for (const auto& [name, text] : given) {
      names.push_back(folder.path() + "/" + name);
      std::ofstream(names.back()) << text;
    }
    PreparedServer server(std::move(answers));
    Client client({.endpoint = {"127.0.0.1", server.port()}, .token = "token", .time = ""});
    std::ostringstream out;
    std::ostringstream err;
    const Pause pause = [this](std::chrono::seconds time) { pauses.push_back(time); };
    SubmissionFiles files(names);
    exit = submit(client, files, Screen{out, err, {}, {}, json}, pause);
    output = without(folder.path() + "/", out.str());
    errors = without(folder.path() + "/", err.str());
    asked = server.asked();
  }

 private:
  static std::string without(std::string_view part, std::string text) {
    for (auto at = text.find(part); at != std::string::npos; at = text.find(part)) text.erase(at, part.size());
    return text;
  }
};

// As many lines, each accepted; its answer.
std::string lines(std::size_t count) {
  std::string text;
  for (std::size_t i = 0; i < count; ++i) text += "{\"id\":" + std::to_string(i) + "}\n";
  return text;
}
std::string line(unsigned status, const std::string& body) {
  auto flat = body;
  std::erase(flat, '\n');
  return "{\"status\":" + std::to_string(status) + "," + flat.substr(1) + "\n";
}
std::string accepted_lines(std::size_t count) {
  std::string text;
  for (std::size_t i = 0; i < count; ++i) text += line(200, accepted);
  return text;
}

bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("an accepted submission says where it stands and what it changed") {
  const Sending sending({{.body = accepted}});
  CHECK(sending.exit == Exit::Done);
  CHECK(sending.output ==
        "some.json:1: accepted at 24:7\n"
        "Changed:\n"
        "  2401, indicator 6: level 0 → 1, score 0.00 → 2.00\n"
        "      speed 50 % (1 of 2) → 100 % (2 of 2)\n");
  CHECK(sending.asked.at(0).body() == file.text);
}

TEST_CASE("problems are named with the file's line, and how many are not shown") {
  const Sending sending({{.status = 422, .body = rejected}});
  CHECK(sending.exit == Exit::Refused);
  CHECK(sending.output ==
        "some.json:5: bad_value at /entries/1/on: No such day.\n"
        "some.json:1: and 2 more problems\n");
  CHECK(sending.errors.find("under a new id") != std::string::npos);
}

TEST_CASE("lines are sent together, documents one by one, all in order") {
  const Given many{"many.ndjson", "{\"id\":1}\n\n{\"id\":2}\n"};
  const Given more{"more.ndjson", "{\"id\":3}\n"};
  const Sending sending({{.body = line(200, accepted) + line(422, rejected) + line(200, accepted)}, {.body = accepted}},
                        {many, more, file});
  CHECK(sending.exit == Exit::Refused);
  REQUIRE(sending.asked.size() == 2);
  CHECK(sending.asked[0].body() == "{\"id\":1}\n{\"id\":2}\n{\"id\":3}\n");
  CHECK(sending.asked[0]["Content-Type"] == "application/x-ndjson");
  CHECK(sending.asked[1].body() == file.text);
  CHECK(has(sending.output, "many.ndjson:3: bad_value"));
  CHECK(has(sending.output, "more.ndjson:1: accepted at 24:7\n"));
  CHECK(has(sending.output, "3 accepted, 1 rejected\n"));
}

TEST_CASE("of many the accepted ones are counted, and how fast it went") {
  const Sending sending({{.body = accepted_lines(11)}}, {{"many.ndjson", lines(11)}});
  CHECK(sending.exit == Exit::Done);
  CHECK(sending.output.starts_with("11 accepted in "));
  CHECK(has(sending.output, " a second\nChanged:\n"));
  CHECK(!has(sending.output, "24:7"));
}

TEST_CASE("a line that the server was too busy for is sent again, one without an outcome is asked for") {
  const Sending sending(
      {{.body = line(503, "{}").substr(0, 13) + "}\n" + line(202, taken)}, {.body = accepted}, {.body = accepted}},
      {{"many.ndjson", lines(2)}});
  CHECK(sending.exit == Exit::Done);
  REQUIRE(sending.asked.size() == 3);
  CHECK(sending.asked[1].body() == "{\"id\":0}");
  CHECK(sending.asked[2].target() == "/v1/submissions/a?position=24%3A7");
}

TEST_CASE("after a cut it goes on with what was not answered") {
  const Sending sending({{.body = accepted, .closes = true},
                         {.body = "cut", .breaks = true},
                         {.body = "cut", .breaks = true},
                         {.body = accepted_lines(2)}},
                        {file, {"many.ndjson", lines(2)}});
  CHECK(sending.exit == Exit::Done);
  CHECK(sending.asked.back().body() == lines(2));
  CHECK(sending.pauses == std::vector{std::chrono::seconds(1), std::chrono::seconds(2)});
  CHECK(has(sending.errors, "could not be reached"));
  CHECK(has(sending.output, "3 accepted\n"));
}

TEST_CASE("where together is too much, less is sent together") {
  const Sending sending({{.status = 413, .body = "{}"}, {.body = accepted}, {.body = accepted_lines(2)}},
                        {{"many.ndjson", lines(3)}});
  CHECK(sending.exit == Exit::Done);
  CHECK(sending.asked.at(1).body() == "{\"id\":0}");
  CHECK(sending.asked.at(2).body() == "{\"id\":1}\n{\"id\":2}\n");
}

TEST_CASE("what is refused together stops the sending, and says where") {
  const std::string body = R"({"problems":[{"code":"not_permitted","where":"","why":"Not you."}]})";
  const Sending sending({{.status = 403, .body = body}}, {{"many.ndjson", lines(3)}, file});
  CHECK(sending.exit == Exit::Refused);
  CHECK(sending.asked.size() == 1);
  CHECK(sending.output.starts_with("many.ndjson:1: not_permitted: Not you.\n"));
  CHECK(has(sending.errors, "What follows many.ndjson:1 was not sent."));
  const Sending odd({{.body = line(200, accepted)}}, {{"many.ndjson", lines(3)}});
  CHECK(odd.exit == Exit::Refused);
  CHECK(has(odd.output, "The server answered 200"));
}

TEST_CASE("what is too long is not sent") {
  const Given big{"big.ndjson", lines(1) + std::string(3'000'000, ' ') + "x\n" + lines(1)};
  const Sending sending({{.body = accepted}}, {big});
  CHECK(sending.exit == Exit::Refused);
  CHECK(sending.asked.size() == 2);
  CHECK(has(sending.output, "big.ndjson:2: too_large: "));
}

TEST_CASE("for programs each answer is printed as it came, on a line") {
  const Sending sending({{.body = "{\"verdict\":\"accepted\"}"}, {.status = 422, .body = "{\"verdict\":\"rejected\"}"}},
                        {file, file}, true);
  CHECK(sending.output == "{\"verdict\":\"accepted\"}\n{\"verdict\":\"rejected\"}\n");
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
  CHECK(sending.output == "some.json:2: id_reused at /id: Used.\n");
}

TEST_CASE("without an outcome in the end it is not done") {
  const Sending sending({{.status = 202, .body = taken}, {.status = 404, .body = "{}"}});
  CHECK(sending.exit == Exit::Refused);
  CHECK(sending.output == "some.json:1: taken, but not decided yet\n");
  CHECK(sending.errors.find("Send the same files again") != std::string::npos);
}

TEST_CASE("an unknown token stops the sending and says what to do") {
  const std::string body = R"({"problems":[{"code":"unauthorized","where":"","why":"Nobody has this token."}]})";
  const Sending sending({{.status = 401, .body = body}}, {file, file, file});
  CHECK(sending.exit == Exit::Refused);
  CHECK(sending.asked.size() == 1);
  CHECK(sending.output.starts_with("some.json:1: unauthorized: Nobody has this token.\n"));
  CHECK(has(sending.errors, "What follows some.json:1 was not sent."));
  CHECK(has(sending.errors, "TAMROI_TOKEN"));
}

TEST_CASE("a server that went away is waited for, in the end it is said how far it came") {
  const tamroi::support::TemporaryDirectory folder;
  const auto name = folder.path() + "/some.json";
  std::ofstream(name) << file.text;
  std::ostringstream out;
  std::ostringstream err;
  std::size_t pauses = 0;
  auto server =
      std::make_unique<PreparedServer>(Answers{{.body = accepted, .closes = true}, {.body = "", .breaks = true}});
  Client client({.endpoint = {"127.0.0.1", server->port()}, .token = "", .time = ""});
  SubmissionFiles files({name, name});
  const Pause pause = [&](std::chrono::seconds) {
    server.reset();
    ++pauses;
  };
  CHECK_THROWS_AS(submit(client, files, Screen{out, err, {}, {}, false}, pause), ServerUnreachable);
  CHECK(pauses == 8);
  CHECK(has(err.str(), "1 submissions were answered, up to " + name + ":1. Send the same files again"));
}

TEST_CASE("an answer that is none of a Tamroi server is told with its status") {
  const Sending sending({{.status = 502, .body = "<html>"}});
  CHECK(sending.exit == Exit::Refused);
  CHECK(sending.output.find("The server answered 502") != std::string::npos);
}
