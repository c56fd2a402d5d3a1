#include "cli/outcomes.h"

#include <sstream>

#include <catch2/catch_test_macros.hpp>

#include "support/prepared_server.h"

using namespace tamroi::cli;
using tamroi::support::PreparedServer;

namespace {

using Targets = std::vector<std::string>;

struct Looking {
  std::ostringstream output;
  std::ostringstream errors;
  Exit exit = Exit::Done;
  std::vector<std::string> targets;

  template <typename Ask>
  Looking(std::vector<PreparedServer::Answer> answers, bool json, Ask ask) {
    PreparedServer server(std::move(answers));
    Client client({.endpoint = {"127.0.0.1", server.port()}, .token = "token", .time = ""});
    exit = ask(client, Screen{output, errors, {}, {}, json});
    for (const auto& request : server.asked()) targets.emplace_back(request.target());
  }
};

}  // namespace

TEST_CASE("the outcome of a submission says what became of it and what it changed") {
  const auto ask = [](Client& client, const Screen& screen) { return read_submission(client, "a b", "24", screen); };
  const Looking looking({{.body = R"({"id":"a","verdict":"rejected","position":{"stream":"24","offset":7},
    "recorded_at":"2022-08-20T03:00:00Z","actor":{"account":"o-1","role":"r","unit":"2401"},
    "problems":[{"code":"bad_value","where":"/x","why":"No."}],"problems_total":3,"changes":[]})"}},
                        false, ask);
  CHECK(looking.exit == Exit::Done);
  CHECK(looking.targets == Targets{"/v1/submissions/a%20b?unit=24"});
  CHECK(looking.output.str() ==
        "Submission a: rejected\n"
        "24:7, 2022-08-20 10:00:00 Bangkok time, by o-1, r of 2401\n"
        "  bad_value at /x: No.\n"
        "  and 2 more problems\n");
  const std::string accepted = R"({"id":"a","verdict":"accepted","changes":[
    {"unit":"2401","indicator":6,"before":{"level":0},"after":{"level":1},"measures":{}}]})";
  CHECK(
      Looking({{.body = accepted}}, false, ask).output.str().ends_with("Changed:\n  2401, indicator 6: level 0 → 1\n"));
  CHECK(Looking({{.body = R"({"id":"a","verdict":"accepted"})"}}, false, ask)
            .output.str()
            .ends_with("No result changed.\n"));
}

TEST_CASE("the outcome of a control says where it is applied") {
  const auto ask = [](Client& client, const Screen& screen) { return read_control(client, "c", screen); };
  const Looking looking({{.body = R"({"id":"c","verdict":"accepted","number":5,"positions":{"24":1,"25":3}})"}}, false,
                        ask);
  CHECK(looking.targets == Targets{"/v1/controls/c"});
  CHECK(looking.output.str() == "Control c: accepted\nnumber 5, applied in 2 provinces\n");
}
