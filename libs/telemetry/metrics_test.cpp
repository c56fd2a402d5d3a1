#include "telemetry/metrics.h"

#include "telemetry/this_program.h"

#include <catch2/catch_test_macros.hpp>

#include <stdexcept>

namespace tamroi::telemetry {
namespace {

TEST_CASE("the same name and labels count together and others apart") {
  Metrics metrics;
  metrics.counter("answers_total", "Answers.", {{"class", "2xx"}}).add();
  metrics.counter("answers_total", "Answers.", {{"class", "2xx"}}).add(2);
  metrics.counter("answers_total", "Answers.", {{"class", "4xx"}}).add();
  const std::string text = metrics.expose();
  CHECK(text.find("# HELP answers_total Answers.\n# TYPE answers_total counter\n") != std::string::npos);
  CHECK(text.find("answers_total{class=\"2xx\"} 3\n") != std::string::npos);
  CHECK(text.find("answers_total{class=\"4xx\"} 1\n") != std::string::npos);
}

TEST_CASE("a gauge goes up and down and a histogram fills its buckets") {
  Metrics metrics;
  Gauge open = metrics.gauge("open", "Open.");
  open.add(3);
  open.add(-1);
  CHECK(open.value() == 2);
  Histogram seconds = metrics.histogram("seconds", "Seconds.", {0.1, 1});
  seconds.observe(0.5);
  const std::string text = metrics.expose();
  CHECK(text.find("open 2\n") != std::string::npos);
  CHECK(text.find("seconds_bucket{le=\"0.1\"} 0\n") != std::string::npos);
  CHECK(text.find("seconds_bucket{le=\"1\"} 1\n") != std::string::npos);
  CHECK(text.find("seconds_count 1\n") != std::string::npos);
}

TEST_CASE("what is only looked at is looked at before each exposition, and a total from elsewhere never falls") {
  Metrics metrics;
  Gauge depth = metrics.gauge("depth", "Depth.");
  Counter total = metrics.counter("elsewhere_total", "Elsewhere.");
  double now = 5;
  metrics.on_expose([&] {
    depth.set(now);
    total.reach(now);
  });
  CHECK(metrics.expose().find("depth 5\n") != std::string::npos);
  now = 3;
  const std::string text = metrics.expose();
  CHECK(text.find("depth 3\n") != std::string::npos);
  CHECK(text.find("elsewhere_total 5\n") != std::string::npos);
}

TEST_CASE("a program tells its memory, time and files") {
  Metrics metrics;
  tell_of_this_program(metrics);
  CHECK(metrics.gauge("process_resident_memory_bytes", "").value() == 0);
  const std::string text = metrics.expose();
  CHECK(metrics.gauge("process_resident_memory_bytes", "").value() > 1 << 20);
  CHECK(metrics.gauge("process_open_fds", "").value() > 2);
  CHECK(metrics.gauge("process_max_fds", "").value() >= metrics.gauge("process_open_fds", "").value());
  CHECK(metrics.gauge("process_threads", "").value() >= 1);
  CHECK(metrics.gauge("process_start_time_seconds", "").value() > 1.6e9);
  CHECK(text.find("process_cpu_seconds_total ") != std::string::npos);
}

TEST_CASE("one name has one kind") {
  Metrics metrics;
  metrics.counter("thing", "A thing.").add();
  CHECK_THROWS_AS(metrics.gauge("thing", "A thing."), std::invalid_argument);
}

}  // namespace
}  // namespace tamroi::telemetry
