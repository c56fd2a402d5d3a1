#include "cli/loading.h"

#include <fstream>
#include <sstream>
#include <stdexcept>

#include <catch2/catch_test_macros.hpp>

#include "support/prepared_server.h"
#include "support/temporary_directory.h"

using namespace tamroi::cli;
using tamroi::support::PreparedServer;

namespace {

using Answers = std::vector<PreparedServer::Answer>;

const PreparedServer::Answer ready{.body = R"({"idle":true,"simulated":true})"};
const PreparedServer::Answer accounts{
    .body = R"({"accounts":[{"account":"district_officer-2401","role":"district_officer","unit":"2401","granted":{"offset":1}},
                            {"account":"operator-TH","role":"operator","unit":"TH","granted":{"offset":5}}]})"};
const PreparedServer::Answer granted{.body = R"({"verdict":"accepted"})"};
const PreparedServer::Answer one_taken{.body = "{\"status\":202}\n"};
const PreparedServer::Answer two_taken{.body = "{\"status\":202}\n{\"status\":202}\n"};

std::string line(const std::string& as, const std::string& id, const std::string& time = "09:00", const std::string& to = "submissions",
                 const std::string& meant = "") {
  return R"({"at":"2022-04-01T)" + time + R"(:00+07:00","as":")" + as + R"(","to":")" + to + "\"," + meant + R"("body":{"id":")" + id + "\"}}\n";
}

// A history that is played to a server with these answers, after the first two.
struct Playing {
  std::ostringstream output;
  std::ostringstream errors;
  Exit exit = Exit::Done;
  std::string failed;
  std::vector<PreparedServer::Request> asked;
  std::vector<std::chrono::seconds> pauses;

  Playing(const std::string& history, Answers answers, bool checks = false, Answers first = {ready, accounts}) {
    first.insert(first.end(), answers.begin(), answers.end());
    first.push_back(ready);
    PreparedServer server(std::move(first));
    const tamroi::support::TemporaryDirectory folder;
    const auto file = folder.path() + "/history.ndjson";
    std::ofstream(file, std::ios::binary) << history;
    const Client::Settings settings{.endpoint = {"127.0.0.1", server.port()}, .token = "op", .time = ""};
    const LoadWish wish{.name = file, .tokens = {{"operator", "op"}, {"district_officer", "known"}}, .connections = 1, .checks = checks};
    const Pause pause = [this](std::chrono::seconds time) { pauses.push_back(time); };
    try {
      exit = load(settings, wish, {output, errors, {}, {}, false}, pause);
    } catch (const std::runtime_error& error) {
      failed = error.what();
    }
    asked = server.asked();
  }

  [[nodiscard]] std::string asked_for(std::size_t request) const {
    const auto& one = asked.at(request);
    return std::string(one.method_string()) + " " + std::string(one.target());
  }
  [[nodiscard]] std::string header(std::size_t request, const std::string& name) const { return std::string(asked.at(request)[name]); }
};

}  // namespace

TEST_CASE("what an account sends at one time is one request, with its token and that time") {
  const Playing playing(line("district_officer@2401", "a") + line("district_officer@2401", "b"), {two_taken});
  CHECK(playing.exit == Exit::Done);
  REQUIRE(playing.asked.size() == 4);
  CHECK(playing.asked_for(0) == "GET /readyz");
  CHECK(playing.asked_for(1) == "GET /v1/accounts");
  CHECK(playing.asked_for(2) == "POST /v1/submissions");
  CHECK(playing.asked[2].body() == "{\"id\":\"a\"}\n{\"id\":\"b\"}\n");
  CHECK(playing.header(2, "Content-Type") == "application/x-ndjson");
  CHECK(playing.header(2, "Authorization") == "Bearer known");
  CHECK(playing.header(2, "Tamroi-Time") == "2022-04-01T02:00:00.000000Z");
  CHECK(playing.header(2, "Prefer").empty());
  CHECK(playing.output.str().starts_with("2 lines sent in "));
}

TEST_CASE("another account, or another time, is another request") {
  const Playing playing(line("district_officer@2401", "a") + line("district_officer@2401", "b", "09:15"), {one_taken, one_taken});
  REQUIRE(playing.asked.size() == 5);
  CHECK(playing.header(2, "Tamroi-Time") == "2022-04-01T02:00:00.000000Z");
  CHECK(playing.header(3, "Tamroi-Time") == "2022-04-01T02:15:00.000000Z");
}

TEST_CASE("an account that is not there is granted, once, with a token that follows from the operator's") {
  const auto history = line("district_officer@2402", "a") + line("district_officer@2402", "b", "09:15");
  const Playing one(history, {granted, one_taken, one_taken});
  REQUIRE(one.asked.size() == 6);
  CHECK(one.asked_for(2) == "POST /v1/controls");
  CHECK(one.header(2, "Authorization") == "Bearer op");
  CHECK(one.header(2, "Tamroi-Time") == "2022-04-01T02:00:00.000000Z");
  CHECK(one.asked[2].body().find(R"("account":"district_officer-2402","role":"district_officer","unit":"2402")") != std::string::npos);
  CHECK(one.header(3, "Authorization") == one.header(4, "Authorization"));
  const Playing again(history, {granted, one_taken, one_taken});
  CHECK(again.header(3, "Authorization") == one.header(3, "Authorization"));
  CHECK(one.output.str().find("as 1 accounts") != std::string::npos);
}

TEST_CASE("somebody else's account of that name keeps its token, ours is used again") {
  const std::string listed = R"({"accounts":[{"account":"auditor-TH","role":"auditor","unit":"TH","granted":{"offset":4}}]})";
  const auto history = line("auditor@TH", "a");
  const Playing other(history, {{.status = 401, .body = "{}"}, granted, one_taken}, false, {ready, {.body = listed}});
  CHECK(other.asked_for(2) == "GET /v1/units/TH");
  CHECK(other.asked.at(3).body().find(R"("account":"auditor-TH-loaded")") != std::string::npos);
  const Playing ours(history, {{.body = "{}"}, one_taken}, false, {ready, {.body = listed}});
  CHECK(ours.asked_for(3) == "POST /v1/submissions");
}

TEST_CASE("an account that is refused ends the load") {
  const Playing playing(line("king@2402", "a"), {{.status = 422, .body = R"({"verdict":"rejected","problems":[{"code":"bad_value","where":"/role","why":"No such role."}]})"}});
  CHECK(playing.failed.starts_with("There is no account for king@2402: "));
  CHECK(playing.failed.find("No such role.") != std::string::npos);
}

TEST_CASE("a control waits for the server to be idle before and after it") {
  const Answers answers = {{.body = R"({"idle":false})"}, ready, granted, {.body = R"({"idle":false})"}, ready};
  const Playing playing(line("district_officer@2401", "c", "09:00", "controls"), answers);
  REQUIRE(playing.asked.size() == 8);
  CHECK(playing.asked_for(3) == "GET /readyz");
  CHECK(playing.asked_for(4) == "POST /v1/controls");
  CHECK(playing.asked[4].body() == "{\"id\":\"c\"}");
  CHECK_FALSE(playing.header(4, "Prefer").empty());
  CHECK(playing.asked_for(6) == "GET /readyz");
}

TEST_CASE("what is refused for its time and known is passed over, and the rest goes on") {
  const auto history = line("district_officer@2401", "a") + line("district_officer@2401", "b", "09:15");
  const Playing playing(history, {{.status = 400, .body = "{}"}, {.body = "{}"}, one_taken});
  CHECK(playing.exit == Exit::Done);
  CHECK(playing.asked_for(3) == "GET /v1/submissions/a?unit=2401");
  CHECK(playing.output.str().find("; 1 of them were there already.") != std::string::npos);
}

TEST_CASE("what is refused for its time and not known is told, with its line") {
  const PreparedServer::Answer refused{.status = 400, .body = R"({"problems":[{"code":"malformed","where":"","why":"Tamroi-Time is before."}]})"};
  const Playing playing(line("district_officer@2401", "a"), {refused, {.status = 404, .body = "{}"}});
  CHECK(playing.exit == Exit::Refused);
  CHECK(playing.output.str().find("history.ndjson:1: malformed: Tamroi-Time is before.") != std::string::npos);
}

TEST_CASE("a busy server is played to again after the time that it names") {
  const Playing playing(line("district_officer@2401", "a"), {{.status = 429, .body = "{}", .retry_after = "3"}, one_taken});
  CHECK(playing.exit == Exit::Done);
  CHECK(playing.pauses == std::vector{std::chrono::seconds(3)});
}

TEST_CASE("a check waits for each outcome, and tells those that are not as they are meant") {
  const std::string meant = R"("meant":"rejected",)";
  const auto history = line("district_officer@2401", "a") + line("district_officer@2401", "b", "09:00", "submissions", meant) +
                       line("district_officer@2401", "c", "09:00", "submissions", meant) + line("district_officer@2401", "d");
  const Playing playing(history,
                        {{.body = "{\"status\":200,\"verdict\":\"accepted\"}\n{\"status\":422,\"verdict\":\"rejected\"}\n"
                                  "{\"status\":200,\"verdict\":\"accepted\"}\n{\"status\":422,\"verdict\":\"rejected\"}\n"}},
                        true);
  CHECK(playing.exit == Exit::Refused);
  CHECK_FALSE(playing.header(2, "Prefer").empty());
  CHECK(playing.output.str().find("history.ndjson:3: ") != std::string::npos);
  CHECK(playing.output.str().find("history.ndjson:4: ") != std::string::npos);
  CHECK(playing.output.str().find("1 were rejected, as they are meant to be.\n2 were answered otherwise") != std::string::npos);
}

TEST_CASE("a line that is none ends the load with its number, and a server on the real clock before it begins") {
  CHECK(Playing(line("district_officer@2401", "a") + "{}\n", {}).failed.find("history.ndjson:2: \"at\"") != std::string::npos);
  const Playing real("", {}, false, {{.body = R"({"idle":true,"simulated":false})"}});
  CHECK(real.failed.starts_with("The server is not on a simulated clock"));
  CHECK(real.asked.size() == 1);
}
