#include "cli/watch.h"

#include <sstream>

#include <catch2/catch_test_macros.hpp>

#include "support/prepared_server.h"

using namespace tamroi::cli;
using tamroi::support::PreparedServer;

namespace {

using Answer = PreparedServer::Answer;
using std::chrono::seconds;

const std::string one =
    R"({"unit":"2401","round":"r","indicator":6,"before":{"level":1},"after":{"level":2},"measures":{"speed":{"before":{"value":"1"},"after":{"value":"2"}}},"cause":{"position":{"stream":"24","offset":7},"kind":"submission","actor":{"account":"o-1"},"reason":"ลืม","recorded_at":"2022-08-20T03:00:00Z"}})";
const std::string two =
    R"({"unit":"24","indicator":6,"before":{"level":2},"after":{"level":1},"cause":{"position":{"stream":"24","offset":7}}})";

const Answer names{.body = R"({"units":[{"unit":"2401","name":{"th":"เมือง"}}]})", .closes = true};

std::string change(const std::string& id, const std::string& text) {
  return "event: change\nid: " + id + "\ndata: " + text + "\n\n";
}
std::string position(const std::string& id) { return "event: position\nid: " + id + "\ndata: {}\n\n"; }
Answer feed(const std::string& events) { return {.body = events, .closes = true, .type = "text/event-stream"}; }

struct Watched {
  std::ostringstream output;
  std::ostringstream errors;
  Exit exit = Exit::Done;
  std::vector<PreparedServer::Request> asked;
  std::vector<seconds> pauses;

  // Interrupted in the pause of that number.
  Watched(std::vector<Answer> answers, const WatchWish& wish, bool json = false, std::size_t last_pause = 99) {
    PreparedServer server(std::move(answers));
    const Client::Settings settings{.endpoint = {"127.0.0.1", server.port()}, .token = "token", .time = ""};
    Client client(settings);
    Subscription subscription(settings);
    const Rest rest = [&](seconds time) {
      pauses.push_back(time);
      return pauses.size() < last_pause;
    };
    exit = watch(client, subscription, wish, Screen{output, errors, {}, {}, json}, rest);
    asked = server.asked();
  }
};

bool has(const std::ostringstream& stream, std::string_view part) {
  return stream.str().find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("each change is told under what it comes from") {
  const Watched watched({names, feed(position("8.0") + change("9.1", one) + change("9.2", two))},
                        {.unit = "24", .indicator = 6, .limit = 2});
  CHECK(watched.exit == Exit::Done);
  CHECK(watched.asked.at(1).target() == "/v1/feed?unit=24&indicator=6");
  CHECK(watched.asked.at(1)["Authorization"] == "Bearer token");
  CHECK(watched.asked.at(1).count("Last-Event-ID") == 0);
  CHECK(watched.output.str() ==
        "2022-08-20 10:00:00, 24:7, submission by o-1: ลืม\n"
        "  2401 เมือง, indicator 6: level 1 → 2\n"
        "      speed 1 → 2\n"
        "  24, indicator 6: level 2 → 1\n");
  CHECK(has(watched.errors, "To go on from here: tamroi watch 24 --indicator 6 --since 9.2\n"));
}

TEST_CASE("for programs each change is a line as it came") {
  const Watched watched({feed(change("9.1", one) + position("12.0") + change("13.1", two))}, {.limit = 2}, true);
  CHECK(watched.output.str() == one + "\n" + two + "\n");
  CHECK(watched.asked.at(0).target() == "/v1/feed");
  CHECK(watched.errors.str() == "To go on from here: tamroi watch --since 13.1\n");
}

TEST_CASE("a lost connection goes on where it was lost") {
  const Watched watched(
      {feed(change("9.1", one) + position("12.0") + "event: change\nid: 13.1\nda"), feed(change("13.1", two))},
      {.limit = 2}, true);
  CHECK(watched.exit == Exit::Done);
  CHECK(watched.output.str() == one + "\n" + two + "\n");
  CHECK(watched.pauses == std::vector{seconds(1)});
  CHECK(watched.asked.at(1)["Last-Event-ID"] == "12.0");
  CHECK(has(watched.errors, "The connection was lost: "));
  CHECK(has(watched.errors, "nothing was missed"));
}

TEST_CASE("it waits longer each time, until something comes") {
  const Watched watched({feed(position("1.0")),
                         feed(""),
                         {.status = 503, .body = "{}", .retry_after = "7"},
                         feed(""),
                         feed(position("2.0")),
                         feed(change("3.1", one))},
                        {.limit = 1}, true);
  CHECK(watched.pauses == std::vector{seconds(1), seconds(2), seconds(7), seconds(8), seconds(1)});
  CHECK(watched.asked.at(5)["Last-Event-ID"] == "2.0");
  CHECK(has(watched.errors, "The server is busy. Trying again in 7 s"));
}

TEST_CASE("an interruption is no failure, and says where to go on") {
  const Watched watched({feed(position("4.0"))}, {}, true, 1);
  CHECK(watched.exit == Exit::Done);
  CHECK(has(watched.errors, "--since 4.0"));
}

TEST_CASE("it begins after a cursor, or after an entry of the ledger") {
  CHECK(Watched({feed(change("9.1", one))}, {.since = "8.3", .limit = 1}, true).asked.at(0)["Last-Event-ID"] == "8.3");
  CHECK(Watched({feed(change("9.1", one))}, {.since = "0", .limit = 1}, true).asked.at(0)["Last-Event-ID"] == "0.0");
}

TEST_CASE("what is refused is not asked again") {
  const std::string body = R"({"problems":[{"code":"bad_value","where":"/unit","why":"There is no such unit."}]})";
  const Watched watched({names, {.status = 400, .body = body}}, {.unit = "99"});
  CHECK(watched.exit == Exit::Refused);
  CHECK(watched.asked.size() == 2);
  CHECK(has(watched.errors, "bad_value at /unit: There is no such unit.\n"));
  const Watched other({{.body = "<html>", .type = "text/html"}}, {}, true);
  CHECK(other.exit == Exit::Refused);
  CHECK(has(other.errors, "is it a Tamroi server?"));
}

TEST_CASE("nobody there is not waited for") {
  std::uint16_t port = 0;
  {
    boost::asio::io_context context;
    const boost::asio::ip::tcp::acceptor free(context, {boost::asio::ip::make_address("127.0.0.1"), 0});
    port = free.local_endpoint().port();
  }
  const Client::Settings settings{.endpoint = {"127.0.0.1", port}, .token = "", .time = ""};
  Client client(settings);
  Subscription subscription(settings);
  std::ostringstream nothing;
  const Rest never = [](seconds) -> bool { throw std::logic_error("it waited"); };
  CHECK_THROWS_AS(watch(client, subscription, {}, Screen{nothing, nothing, {}, {}, true}, never), ServerUnreachable);
}
