#include <catch2/catch_test_macros.hpp>

#include <boost/json.hpp>

#include <algorithm>

#include "edge/way_in.h"

namespace tamroi::gateway {
namespace {

namespace json = boost::json;

std::vector<std::string> believable_bodies(std::size_t count) {
  const support::ProvinceSize size{.households = 60, .visits_a_month = 3, .plots = 15, .groups = 6, .facts_a_submission = 9};
  const auto province = support::believable_province(support::read_bundle_2565_2(), "24", size, 1);
  std::vector<std::string> bodies;
  for (const auto& record : province.stream) {
    if (record.kind == event::Kind::Submission && bodies.size() < count && std::ranges::find(bodies, record.body) == bodies.end()) bodies.push_back(record.body);
  }
  return bodies;
}

std::string lines_of(const std::vector<std::string>& bodies) {
  std::string lines;
  for (const auto& body : bodies) lines += body + "\n";
  return lines;
}

std::vector<int> statuses(const http::Response& answer) {
  REQUIRE(answer.status == 200);
  std::vector<int> statuses;
  for (std::size_t at = 0; at < answer.body.size(); at = answer.body.find('\n', at) + 1) {
    const auto line = answer.body.substr(at, answer.body.find('\n', at) - at);
    statuses.push_back(static_cast<int>(json::parse(line).as_object().at("status").as_int64()));
  }
  return statuses;
}

// Has the writer wait with one record in hand, and the queue empty behind it.
std::unique_ptr<Answer> hold_the_writer(WayIn& way, const std::string& body) {
  auto answer = std::make_unique<Answer>();
  way.gate.close();
  way.front.answer(way.submission(body), answer->responder());
  way.gate.wait_for_a_write();
  return answer;
}

std::vector<std::string> stored(WayIn& way) {
  std::vector<std::string> bodies;
  for (const auto& entry : way.journal.read({24}, 0, SIZE_MAX, SIZE_MAX)) bodies.push_back(event::decode_record(entry.bytes)->body);
  return bodies;
}

TEST_CASE("a full queue is told before the body, and again where it fills meanwhile; nothing that was taken is lost") {
  const auto bodies = believable_bodies(4);
  WayIn way({}, {.appends_max = 2});
  const auto first = hold_the_writer(way, bodies[0]);
  Answer second;
  Answer third;
  Answer beyond;
  way.front.answer(way.submission(bodies[1]), second.responder());
  CHECK(std::holds_alternative<http::Accept>(way.front.admit(way.submission("")).verdict));
  way.front.answer(way.submission(bodies[2]), third.responder());
  const auto admission = way.front.admit(way.submission(""));
  REQUIRE(std::holds_alternative<http::Response>(admission.verdict));
  CHECK(std::get<http::Response>(admission.verdict).status == 503);
  CHECK(std::get<http::Response>(admission.verdict).headers.front().first == "Retry-After");
  // Reading goes on.
  CHECK(std::holds_alternative<http::Accept>(way.front.admit(way.request("GET", {"v1", "units"}, "clerk")).verdict));
  way.front.answer(way.submission(bodies[3]), beyond.responder());
  way.gate.open();
  CHECK(first->get().status == 202);
  CHECK(second.get().status == 202);
  CHECK(third.get().status == 202);
  const auto refusal = beyond.get();
  CHECK(refusal.status == 503);
  CHECK(refusal.headers.front().first == "Retry-After");
  CHECK(stored(way) == std::vector(bodies.begin(), bodies.begin() + 3));
  Answer again;
  way.front.answer(way.submission(bodies[3]), again.responder());
  CHECK(again.get().status == 202);
  CHECK(stored(way) == bodies);
}

TEST_CASE("of many lines none is stored after one that found the queue full, and sent again all are") {
  const auto bodies = believable_bodies(8);
  const std::vector sent(bodies.begin() + 1, bodies.end());
  WayIn way({}, {.appends_max = 3});
  const auto first = hold_the_writer(way, bodies[0]);
  Answer lines;
  way.front.answer(way.submission(lines_of(sent), true), lines.responder());
  while (way.journal.backlog().records < 3) std::this_thread::yield();
  way.gate.open();
  CHECK(first->get().status == 202);
  const auto answered = statuses(lines.get());
  CHECK(answered == std::vector{202, 202, 202, 503, 503, 503, 503});
  CHECK(stored(way) == std::vector(bodies.begin(), bodies.begin() + 4));
  for (std::size_t i = 3; i < sent.size(); ++i) {
    Answer again;
    way.front.answer(way.submission(lines_of({sent[i]}), true), again.responder());
    CHECK(statuses(again.get()) == std::vector{202});
  }
  CHECK(stored(way) == bodies);
}

TEST_CASE("also where the writer makes room meanwhile no line is stored after one that was not") {
  const std::vector<std::string> sent(3'000, believable_bodies(1).front());
  WayIn way({}, {.appends_max = 3});
  Answer lines;
  way.front.answer(way.submission(lines_of(sent), true), lines.responder());
  const auto answered = statuses(lines.get());
  const auto first_refused = std::ranges::find(answered, 503);
  REQUIRE(first_refused != answered.end());
  CHECK(std::count(first_refused, answered.end(), 202) == 0);
  CHECK(stored(way).size() == static_cast<std::size_t>(first_refused - answered.begin()));
}

}  // namespace
}  // namespace tamroi::gateway
