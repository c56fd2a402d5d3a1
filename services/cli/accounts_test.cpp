#include "cli/accounts.h"

#include <sstream>

#include <catch2/catch_test_macros.hpp>

#include "base/sha256.h"
#include "cli/reading.h"
#include "support/prepared_server.h"

using namespace tamroi::cli;
using tamroi::support::PreparedServer;

namespace {

using Answer = PreparedServer::Answer;
using Command = Exit (*)(Client&, const AccountWish&, const Screen&, const Pause&);

const Answer accepted{.body = R"({"id":"i","verdict":"accepted","problems":[]})"};
const Answer first_page{.body = R"({"accounts":[
  {"account":"a","role":"auditor","unit":"TH","granted":{"stream":"control","offset":4}},
  {"account":"b","role":"auditor","unit":"TH","granted":{"stream":"control","offset":5},"revoked":{"stream":"control","offset":9}}],
  "next_cursor":"b"})"};
const Answer last_page{.body = R"({"accounts":[
  {"account":"c","role":"district_officer","unit":"2401","expires_on":"2022-09-30","granted":{"stream":"control","offset":6}}]})"};

struct Asking {
  std::ostringstream output;
  std::ostringstream errors;
  Exit exit = Exit::Done;
  std::vector<PreparedServer::Request> asked;

  Asking(std::vector<Answer> answers, Command command, const AccountWish& wish, bool json = false) {
    ask(std::move(answers), json,
        [&](Client& client, const Screen& screen) { return command(client, wish, screen, [](auto) {}); });
  }
  Asking(std::vector<Answer> answers, bool json) { ask(std::move(answers), json, list_accounts); }

  // The control that was sent.
  [[nodiscard]] boost::json::object sent(std::size_t number = 0) const {
    return parse_object(asked.at(number).body()).value();
  }

 private:
  template <typename Ask>
  void ask(std::vector<Answer> answers, bool json, Ask question) {
    PreparedServer server(std::move(answers));
    Client client({.endpoint = {"127.0.0.1", server.port()}, .token = "token", .time = ""});
    exit = question(client, Screen{output, errors, {}, {}, json});
    asked = server.asked();
  }
};

// The token stands alone on its line.
std::string token_in(const std::string& text) {
  const auto at = text.find("\n\n  ");
  return at == std::string::npos ? "" : text.substr(at + 4, 64);
}

}  // namespace

TEST_CASE("granting shows the token, and sends its hash alone") {
  const Asking asking({accepted}, grant_account,
                      {.account = "a", .role = "district_officer", .unit = "2401", .expires = "2022-09-30"});
  CHECK(asking.exit == Exit::Done);
  CHECK(asking.asked.at(0).target() == "/v1/controls");
  const auto token = token_in(asking.output.str());
  REQUIRE(tamroi::base::is_sha256_hex(token));
  const auto control = asking.sent();
  CHECK(text_at(control, "type") == "account_granted");
  CHECK(text_at(control, "account") == "a");
  CHECK(text_at(control, "role") == "district_officer");
  CHECK(text_at(control, "unit") == "2401");
  CHECK(text_at(control, "expires_on") == "2022-09-30");
  CHECK(!text_at(control, "reason").empty());
  CHECK(text_at(control, "token_sha256") == tamroi::base::to_hex(tamroi::base::sha256(token)));
  CHECK(asking.asked.at(0).body().find(token) == std::string::npos);
}

TEST_CASE("for programs the outcome comes with the token") {
  const Asking asking({accepted}, grant_account, {.account = "a", .role = "auditor", .unit = "TH", .expires = "never"},
                      true);
  const auto told = parse_object(asking.output.str()).value();
  CHECK(text_at(told, "verdict") == "accepted");
  CHECK(text_at(told, "account") == "a");
  CHECK(text_at(asking.sent(), "token_sha256") == tamroi::base::to_hex(tamroi::base::sha256(text_at(told, "token"))));
  CHECK(!asking.sent().contains("expires_on"));
}

TEST_CASE("without an acceptance no token is shown") {
  const std::string rejected =
      R"({"verdict":"rejected","problems":[{"code":"unknown_unit","where":"/unit","why":"There is none."}]})";
  const Asking asking({{.status = 422, .body = rejected}}, grant_account, {.account = "a", .role = "r", .unit = "99"});
  CHECK(asking.exit == Exit::Refused);
  CHECK(asking.output.str().empty());
  CHECK(asking.errors.str() == "unknown_unit at /unit: There is none.\n");
  const Asking unknown({{.status = 202, .body = R"({"id":"i"})"}, {.status = 404, .body = "{}"}}, grant_account,
                       {.account = "a"});
  CHECK(unknown.exit == Exit::Refused);
  CHECK(unknown.output.str().empty());
  CHECK(unknown.errors.str().find("Do it again") != std::string::npos);
}

TEST_CASE("revoking gives the reason") {
  const Asking asking({accepted}, revoke_account, {.account = "a", .reason = "ย้าย"});
  CHECK(asking.exit == Exit::Done);
  CHECK(text_at(asking.sent(), "type") == "account_revoked");
  CHECK(text_at(asking.sent(), "reason") == "ย้าย");
  CHECK(asking.sent().size() == 4);
}

TEST_CASE("a rotated account keeps role, unit and last day") {
  const Asking asking({first_page, last_page, accepted}, rotate_account, {.account = "c"});
  CHECK(asking.exit == Exit::Done);
  CHECK(asking.asked.at(1).target() == "/v1/accounts?limit=1000&cursor=b");
  CHECK(text_at(asking.sent(2), "role") == "district_officer");
  CHECK(text_at(asking.sent(2), "unit") == "2401");
  CHECK(text_at(asking.sent(2), "expires_on") == "2022-09-30");
  CHECK(token_in(asking.output.str()).size() == 64);
  const Asking forever({first_page, last_page, accepted}, rotate_account, {.account = "c", .expires = "never"});
  CHECK(!forever.sent(2).contains("expires_on"));
}

TEST_CASE("what is revoked or unknown is not rotated") {
  for (const auto* name : {"b", "nobody"}) {
    const Asking asking({first_page, last_page}, rotate_account, {.account = name});
    CHECK(asking.exit == Exit::Refused);
    CHECK(asking.errors.str().find(name) != std::string::npos);
    CHECK(asking.asked.size() == 2);
  }
}

TEST_CASE("the list holds the accounts of all pages") {
  CHECK(Asking({first_page, last_page}, false).output.str() ==
        "account  role              unit  last day    granted    revoked\n"
        "a        auditor           TH                control:4\n"
        "b        auditor           TH                control:5  control:9\n"
        "c        district_officer  2401  2022-09-30  control:6\n");
  const auto all = parse_object(Asking({first_page, last_page}, true).output.str()).value();
  CHECK(array_at(all, "accounts").size() == 3);
  const Asking refused({{.status = 403, .body = R"({"problems":[{"code":"not_permitted","where":"","why":"No."}]})"}},
                       false);
  CHECK(refused.exit == Exit::Refused);
}
