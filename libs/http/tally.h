#pragma once

#include "telemetry/metrics.h"

#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

namespace tamroi::http {

// What is counted of requests and connections, as metrics.
//
// Threads: any.
class Tally {
 public:
  explicit Tally(telemetry::Metrics& metrics);

  // `route` is one of few, and outlives this; `code` is the contract's word for why it was refused, empty if it was not.
  void answered(std::string_view route, int status, std::string_view code, std::chrono::steady_clock::duration took);
  void connections_changed(double amount) { connections_.add(amount); }
  void requests_changed(double amount) { requests_.add(amount); }
  void body_bytes_changed(double amount) { body_bytes_.add(amount); }
  void turned_away() { turned_away_.add(); }

 private:
  telemetry::Metrics& metrics_;
  telemetry::Gauge connections_;
  telemetry::Gauge requests_;
  telemetry::Gauge body_bytes_;
  telemetry::Counter turned_away_;
  std::mutex mutex_;
  std::map<std::pair<std::string_view, int>, telemetry::Histogram> seconds_;  // by route and first digit
  std::map<std::string, telemetry::Counter, std::less<>> refusals_;                   // by code
};

}  // namespace tamroi::http
