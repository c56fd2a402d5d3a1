#include "setup/configuration.h"

#include <catch2/catch_test_macros.hpp>

namespace tamroi::setup {
namespace {

TEST_CASE("a configuration needs its data directory only") {
  const auto configuration = parse_configuration("data: /srv/tamroi\n");
  REQUIRE(configuration.has_value());
  CHECK(configuration->directory == "/srv/tamroi");
  CHECK(configuration->address == "127.0.0.1");
  CHECK(configuration->port == 8080);
  CHECK_FALSE(configuration->simulated);
}

TEST_CASE("every setting can be set") {
  const auto configuration = parse_configuration(
      "data: d\naddress: '::1'\nport: 0\nhosts: [a, b]\ntrusted_proxies: [127.0.0.1]\ncatalogue: c\nsimulated: true\n"
      "http_threads: 2\nprojection_threads: 3\nreading_threads: 4\nlog_format: text\nlog_least: error\n");
  REQUIRE(configuration.has_value());
  CHECK(configuration->hosts == std::vector<std::string>{"a", "b"});
  CHECK(configuration->trusted_proxies == std::vector<std::string>{"127.0.0.1"});
  CHECK(configuration->port == 0);
  CHECK(configuration->simulated);
  CHECK(configuration->http_threads == 2);
  CHECK(configuration->log_format == telemetry::LogFormat::Text);
  CHECK(configuration->log_least == telemetry::Severity::Error);
}

TEST_CASE("all problems of a configuration are told at once, each with its line") {
  const auto configuration = parse_configuration("port: 70000\nport: 1\nsimulated: yes\nhosts: a\nhttp_threads: -1\nlog_format: xml\ncolour: red\n");
  REQUIRE_FALSE(configuration.has_value());
  CHECK(configuration.error() == std::vector<std::string>{
                                     "line 1: port: a whole number from 0 to 65535 is expected",
                                     "line 2: port: it was set in line 1 already",
                                     "line 3: simulated: true or false is expected",
                                     "line 4: hosts: a list of texts is expected",
                                     "line 5: http_threads: a whole number from 1 to 64 is expected",
                                     "line 6: log_format: one of json, text is expected",
                                     "line 7: colour: there is no such setting",
                                     "line 1: data: it is required: the data directory",
                                 });
}

TEST_CASE("what is no YAML, or no map, is said with its line") {
  CHECK(parse_configuration("data: [").error().size() == 1);
  CHECK(parse_configuration("- a\n").error().front().starts_with("line 1: "));
  CHECK(parse_configuration("").error().front().starts_with("line 1: "));
}

}  // namespace
}  // namespace tamroi::setup
