#include "cli/event_reader.h"

#include <catch2/catch_test_macros.hpp>

using namespace tamroi::cli;

namespace {

constexpr std::string_view two =
    ": welcome\n\nevent: change\nid: 7.1\ndata: {\"a\":1}\n\nevent:position\r\nid: 8.0\r\ndata: x\r\ndata: y\r\n\r\n";

}  // namespace

TEST_CASE("events are read however their bytes are cut") {
  for (std::size_t piece = 1; piece <= two.size(); ++piece) {
    EventReader reader;
    std::vector<StreamEvent> events;
    for (std::size_t at = 0; at < two.size(); at += piece) {
      for (auto& event : reader.take(two.substr(at, piece))) events.push_back(std::move(event));
    }
    REQUIRE(events.size() == 2);
    CHECK((events[0].type == "change" && events[0].id == "7.1" && events[0].text == "{\"a\":1}"));
    CHECK((events[1].type == "position" && events[1].id == "8.0" && events[1].text == "x\ny"));
    CHECK(reader.waiting_bytes() == 0);
  }
}

TEST_CASE("an id lasts until the next, an event without text is none") {
  EventReader reader;
  const auto events = reader.take("id: 5.0\n\nevent: change\ndata: a\n\nevent: change\n\ndata: b\n\n");
  REQUIRE(events.size() == 2);
  CHECK((events[0].id == "5.0" && events[0].type == "change"));
  CHECK((events[1].id == "5.0" && events[1].type.empty() && events[1].text == "b"));
}

TEST_CASE("what has not ended is not given, and counted") {
  EventReader reader;
  CHECK(reader.take("event: change\ndata: 1234").empty());
  CHECK(reader.waiting_bytes() == 10);
  CHECK(reader.take("5\n").empty());
  CHECK(reader.take("\n").at(0).text == "12345");
}
