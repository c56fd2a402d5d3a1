#pragma once

#include <chrono>
#include <cstdint>
#include <expected>
#include <string>
#include <vector>

#include "http/server.h"
#include "journal/kafka.h"
#include "memory/budget.h"
#include "projection/projection.h"
#include "telemetry/log.h"

namespace tamroi::setup {

// What one file says of a server; deploy/tamroi.yaml is the sample that says what each setting means.
struct Configuration {
  std::string directory = {}; // the data directory
  std::string catalogue = {}; // the folder that the first use publishes
  bool simulated = false;     // must be as the data directory was made
  http::ServerOptions http = {.port = 8080};
  http::Rate rate_of_account = {.per_second = 500, .burst = 5'000};
  std::size_t requests_of_account_max = 64;  // in flight
  std::size_t known_tokens_max = 1'024;
  std::size_t lines_max = 10'000;            // of a request of many submissions
  std::size_t page_rows_max = 1'000;         // of an answer in pages
  std::size_t lines_bytes_max = std::size_t{16} << 20;
  std::chrono::milliseconds after_max{10'000};    // waiting for a position
  std::chrono::milliseconds wait_max{30'000};     // waiting for an outcome
  std::chrono::milliseconds append_max{5'000};    // waiting for the journal
  std::chrono::milliseconds stop_within{15'000};  // for requests in flight when the server stops
  std::size_t feed_recent_bytes_max = std::size_t{32} << 20;
  std::chrono::milliseconds feed_position_every{10'000};
  std::chrono::milliseconds feed_share_a_write{50};
  std::size_t reading_threads = 4;
  projection::Projection::Options projection = {};
  std::uint64_t bulk_records = 20'000;  // missing at a start, and half of all: the read model is built in bulk
  bool journal_in_kafka = false;
  journal::KafkaOptions kafka = {.brokers = "127.0.0.1:9092"};
  std::vector<std::string> kafka_properties = {};  // "name=value", by librdkafka's names
  journal::QueueLimits journal_queue = {};
  std::string heads = "heads.json";  // the file of the journal's heads; relative to the data directory
  memory::BudgetLimits memory = {};
  std::size_t answers_bytes_max = std::size_t{32} << 20;  // of results and levels that are kept to be told again
  std::uint64_t disk_reserve_bytes = std::uint64_t{512} << 20;  // less free space than that: nothing is taken
  // The log of tlog.md: who signs, and who cosigns.
  std::string origin = {};            // the log's name; empty: any
  std::string key_file = "log.key";   // its secret key; relative to the data directory
  std::string public_key = {};        // its public key, where the secret one is not
  std::chrono::milliseconds sign_every{10'000};
  std::string witnesses = {};         // the file of the policy that names them; relative to the data directory
  std::uint64_t access_file_bytes = std::uint64_t{64} << 20;
  telemetry::LogFormat log_format = telemetry::LogFormat::Json;
  telemetry::Severity log_least = telemetry::Severity::Info;
  bool operator==(const Configuration&) const = default;
};

// Reads a YAML file's text; every problem at once, each a sentence that begins with its line.
[[nodiscard]] std::expected<Configuration, std::vector<std::string>> parse_configuration(const std::string& text);

// Every setting's name with its sections, such as "limits.rate_of_account.burst", in order.
[[nodiscard]] std::vector<std::string> setting_names();

}  // namespace tamroi::setup
