#include "setup/configuration.h"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <set>

#include <yaml-cpp/yaml.h>

#include "support/files.h"

namespace tamroi::setup {
namespace {

using namespace std::chrono_literals;

std::string sample() { return support::read_file(support::source_dir() / "deploy" / "tamroi.yaml"); }

void add_names(const YAML::Node& map, const std::string& section, std::vector<std::string>& names) {
  for (const auto& member : map) {
    const auto name = section + member.first.Scalar();
    if (member.second.IsMap()) {
      add_names(member.second, name + ".", names);
    } else {
      names.push_back(name);
    }
  }
}

std::vector<std::string> names_of(const std::string& text) {
  std::vector<std::string> names;
  add_names(YAML::Load(text), "", names);
  std::ranges::sort(names);
  return names;
}

constexpr const char* everything = R"(
data: d
catalogue: c
simulated: true
streams: [24, '50']
address: '::1'
port: 1
hosts: [a, b]
trusted_proxies: [127.0.0.1, '::1']
threads: {http: 2, projection: 3, reading: 5}
log:
  format: text
  least: error
  origin: kpi.example.go.th/log1
  key_file: k
  public_key: kpi.example.go.th/log1+c29eeb69+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4
  interval: 38 s
  witnesses: w
access: {file_bytes: 39 MiB}
deadlines:
  {header: 1 s, body_least: 2s, body_bytes_per_second: 3 KiB, idle: 4 s, write: 5 s, request: 6 s, linger: 7 s, after: 8 s, wait: 9 s, append: 10 s, stop: 1 min}
limits:
  connections: 11
  connections_of_address: 12
  connections_behind_proxy: 13
  requests_of_connection: 14
  requests_of_account: 15
  requests_of_forwarded_address: 16
  rate_of_address: {per_second: 0, burst: 17}
  rate_of_account: {per_second: 1.5, burst: 18}
  rates_kept: 36
  known_tokens: 37
  header_bytes: 4 KiB
  header_fields: 20
  target_bytes: 1024
  bodies_bytes: 22 MiB
  lines: 23
  lines_bytes: 24KiB
  page_rows: 33
  stream_bytes: 25 KiB
journal:
  kind: kafka
  kafka: {brokers: 'a:1,b:2', topics: other, properties: [security.protocol=SSL, ssl.ca.location=/ca.pem]}
  queue_records: 26
  queue_bytes: 27 MiB
  heads: /srv/heads.json
memory: {bytes: 30 MiB, buffer_bytes: 29 MiB, answers_bytes: 28 MiB}
projection: {batch_records: 34, batch_bytes: 35 MiB, bulk_records: 38}
feed: {recent_bytes: 32 KiB, position_every: 500 ms, share_a_write: 3 ms}
disk: {reserve_bytes: 2 GiB}
)";

Configuration everything_meant() {
  Configuration meant{.directory = "d", .catalogue = "c", .simulated = true};
  meant.http = {.address = "::1", .port = 1, .hosts = {"a", "b"}, .trusted_proxies = {"127.0.0.1", "::1"}, .threads = 2};
  meant.http.deadlines = {.header = 1s, .body_least = 2s, .body_bytes_per_second = 3072, .idle = 4s, .write = 5s, .request = 6s, .linger = 7s};
  auto& limits = meant.http.limits;
  limits = {.header_bytes_max = 4096, .fields_max = 20, .target_bytes_max = 1024, .connections_max = 11, .connections_of_address_max = 12};
  limits.requests_of_connection_max = 14;
  limits.stream_bytes_max = 25 << 10;
  limits.bodies_bytes_max = 22 << 20;
  limits.rate_of_address = {.per_second = 0, .burst = 17};
  limits.connections_with_proxy_max = 13;
  limits.requests_of_forwarded_address_max = 16;
  meant.rate_of_account = {.per_second = 1.5, .burst = 18};
  meant.requests_of_account_max = 15;
  limits.rates_kept_max = 36;
  meant.known_tokens_max = 37;
  meant.answers_bytes_max = 28 << 20;
  meant.lines_max = 23;
  meant.lines_bytes_max = 24 << 10;
  meant.page_rows_max = 33;
  meant.after_max = 8s;
  meant.append_max = 10s;
  meant.wait_max = 9s;
  meant.stop_within = 60s;
  meant.feed_recent_bytes_max = 32 << 10;
  meant.feed_position_every = 500ms;
  meant.feed_share_a_write = 3ms;
  meant.reading_threads = 5;
  meant.projection = {.threads = 3, .batch = {.records_max = 34, .bytes_max = 35 << 20}, .follows = projection::Follows({{24}, {50}})};
  meant.bulk_records = 38;
  meant.journal_in_kafka = true;
  meant.kafka.brokers = "a:1,b:2";
  meant.kafka.prefix = "other";
  meant.kafka_properties = {"security.protocol=SSL", "ssl.ca.location=/ca.pem"};
  meant.heads = "/srv/heads.json";
  meant.journal_queue = {.appends_max = 26, .bytes_max = 27 << 20};
  meant.memory = {.bytes = 30 << 20, .buffer_bytes = 29 << 20};
  meant.disk_reserve_bytes = std::uint64_t{2} << 30;
  meant.origin = "kpi.example.go.th/log1";
  meant.key_file = "k";
  meant.public_key = "kpi.example.go.th/log1+c29eeb69+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4";
  meant.sign_every = 38s;
  meant.witnesses = "w";
  meant.access_file_bytes = 39 << 20;
  meant.log_format = telemetry::LogFormat::Text;
  meant.log_least = telemetry::Severity::Error;
  return meant;
}

TEST_CASE("a configuration needs its data directory only") {
  const auto configuration = parse_configuration("data: /srv/tamroi\n");
  REQUIRE(configuration.has_value());
  CHECK(configuration == Configuration{.directory = "/srv/tamroi"});
  CHECK(configuration->http.address == "127.0.0.1");
  CHECK(configuration->http.port == 8080);
}

TEST_CASE("every setting can be set, and sets what it says") {
  const auto configuration = parse_configuration(everything);
  INFO((configuration ? std::string() : configuration.error().front()));
  REQUIRE(configuration.has_value());
  CHECK(configuration == everything_meant());
  CHECK(names_of(everything) == setting_names());
}

TEST_CASE("the sample holds every setting and says its default") {
  const auto configuration = parse_configuration(sample());
  INFO((configuration ? std::string() : configuration.error().front()));
  REQUIRE(configuration.has_value());
  CHECK(names_of(sample()) == setting_names());
  CHECK(configuration == Configuration{.directory = "/var/lib/tamroi", .catalogue = "/usr/share/tamroi/catalogue/2565-2"});
}

TEST_CASE("all problems of a configuration are told at once, each with its line") {
  const auto configuration = parse_configuration(
      "port: 70000\nport: 1\nsimulated: yes\nhosts: a\ntrusted_proxies: [proxy]\nthreads: {http: -1}\nlog: {format: xml}\n"
      "colour: red\nlimits: 5\naddress: localhost\nlimits.connections: 5\n"
      "deadlines: {idle: 15, write: 1 h}\nmemory:\n  bytes: 1 TB\n  colour: red\n");
  REQUIRE_FALSE(configuration.has_value());
  CHECK(configuration.error() == std::vector<std::string>{
                                     "line 1: port: a whole number from 0 to 65535 is expected",
                                     "line 2: port: it was set in line 1 already",
                                     "line 3: simulated: true or false is expected",
                                     "line 4: hosts: a list of names or addresses is expected",
                                     "line 5: trusted_proxies: a list of IP addresses is expected",
                                     "line 6: threads.http: a whole number from 1 to 64 is expected",
                                     "line 7: log.format: one of json, text is expected",
                                     "line 8: colour: there is no such setting",
                                     "line 9: limits: it is a section: settings are expected in it",
                                     "line 10: address: an IP address such as 127.0.0.1 is expected",
                                     "line 11: limits.connections: there is no such setting",
                                     "line 12: deadlines.idle: a time such as 500 ms, 15 s or 1 min is expected, from 100 to 3600000 ms",
                                     "line 12: deadlines.write: a time such as 500 ms, 15 s or 1 min is expected, from 100 to 3600000 ms",
                                     "line 14: memory.bytes: a size such as 64 KiB, 16 MiB or 1 GiB is expected, from 8388608 to "
                                     "1099511627776 bytes",
                                     "line 15: memory.colour: there is no such setting",
                                     "line 1: data: it is required: the data directory",
                                 });
}

TEST_CASE("what a page and a batch may hold has bounds") {
  for (const char* good : {"limits: {page_rows: 1}", "limits: {page_rows: 1000}", "projection: {batch_records: 1}",
                           "projection: {batch_records: 65536}", "projection: {batch_bytes: 64 KiB}", "projection: {batch_bytes: 1 GiB}"}) {
    INFO(good);
    CHECK(parse_configuration(std::string("data: d\n") + good));
  }
  for (const char* bad : {"limits: {page_rows: 0}", "limits: {page_rows: 1001}", "projection: {batch_records: 0}",
                          "projection: {batch_records: 65537}", "projection: {batch_bytes: 65535}", "projection: {batch_bytes: 1025 MiB}"}) {
    INFO(bad);
    CHECK_FALSE(parse_configuration(std::string("data: d\n") + bad));
  }
}

TEST_CASE("provinces are followed by their codes, of a journal that others follow too") {
  CHECK(parse_configuration("data: d\nstreams: []\n"));
  CHECK(parse_configuration("data: d\nstreams: [24]\njournal: {kind: kafka}\n"));
  for (const char* bad : {"24", "[ledger]", "[control]", "[2401]", "[R4]", "[TH]", "[9]", "{a: 24}", "[[24]]"}) {
    INFO(bad);
    CHECK_FALSE(parse_configuration(std::string("data: d\njournal: {kind: kafka}\nstreams: ") + bad));
  }
  CHECK(parse_configuration("data: d\nstreams: [24]\n").error() ==
        std::vector<std::string>{"line 2: streams: it needs a journal in Kafka: who has an embedded one has to follow all of it"});
}

TEST_CASE("buffers are a part of the memory") {
  CHECK(parse_configuration("data: d\nmemory: {bytes: 16 MiB, buffer_bytes: 16 MiB}"));
  CHECK(parse_configuration("data: d\nmemory: {bytes: 16 MiB, buffer_bytes: 17 MiB}").error() ==
        std::vector<std::string>{"line 2: memory.buffer_bytes: it is more than memory.bytes, of which it is a part"});
  CHECK_FALSE(parse_configuration("data: d\nmemory: {bytes: 16 MiB}"));
}

TEST_CASE("of Kafka's properties those are taken that say who one is, not those that the journal rests on") {
  for (const char* good : {"sasl.mechanism=PLAIN", "ssl.ca.location=/a=b", "client.rack=a"}) {
    INFO(good);
    CHECK(parse_configuration(std::string("data: d\njournal: {kafka: {properties: [") + good + "]}}"));
  }
  for (const char* bad : {"acks=1", "enable.idempotence=false", "security.protocol", "ssl.ca.location=", "auto.offset.reset=earliest"}) {
    INFO(bad);
    CHECK_FALSE(parse_configuration(std::string("data: d\njournal: {kafka: {properties: ['") + bad + "']}}"));
  }
}

TEST_CASE("the log's name and public key are ones that a note can have") {
  for (const char* bad : {"origin: a b", "origin: a+b", "public_key: a", "public_key: kpi.example.go.th/log1+c29eeb68+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4"}) {
    INFO(bad);
    CHECK_FALSE(parse_configuration(std::string("data: d\nlog: {") + bad + "}"));
  }
}

TEST_CASE("what is no YAML, or no map, is said with its line") {
  CHECK(parse_configuration("data: [").error().size() == 1);
  CHECK(parse_configuration("- a\n").error().front().starts_with("line 1: "));
  CHECK(parse_configuration("").error().front().starts_with("line 1: "));
}

}  // namespace
}  // namespace tamroi::setup
