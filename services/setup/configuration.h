#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "telemetry/log.h"

namespace tamroi::setup {

// What one file says of a server.
struct Configuration {
  std::string directory;               // the data directory
  std::string address = "127.0.0.1";   // to listen on
  std::uint16_t port = 8080;
  std::vector<std::string> hosts = {"127.0.0.1", "localhost", "[::1]"};  // that Host may give
  std::vector<std::string> trusted_proxies;
  std::string catalogue;               // the folder that the first use publishes
  bool simulated = false;              // must be as the data directory was made
  std::size_t http_threads = 1;
  std::size_t projection_threads = 2;
  std::size_t reading_threads = 4;
  telemetry::LogFormat log_format = telemetry::LogFormat::Json;
  telemetry::Severity log_least = telemetry::Severity::Info;
};

// Reads a YAML file's text; every problem at once, each a sentence that begins with its line.
[[nodiscard]] std::expected<Configuration, std::vector<std::string>> parse_configuration(const std::string& text);

}  // namespace tamroi::setup
