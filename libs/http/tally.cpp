#include "http/tally.h"

#include <fmt/format.h>

namespace tamroi::http {

using telemetry::Labels;

Tally::Tally(telemetry::Metrics& metrics)
    : metrics_(metrics),
      connections_(metrics.gauge("tamroi_http_connections", "Open connections.")),
      requests_(metrics.gauge("tamroi_http_requests_in_flight", "Requests whose answer is not sent yet; no feeds.")),
      body_bytes_(metrics.gauge("tamroi_http_body_bytes", "Memory that bodies of requests in flight may take.")),
      turned_away_(metrics.counter("tamroi_http_connections_refused_total", "Connections above a cap.")) {}

void Tally::answered(std::string_view route, int status, std::string_view code,
                     std::chrono::steady_clock::duration took) {
  const std::pair<std::string_view, int> key(route.empty() ? "none" : route, status / 100);
  const std::lock_guard lock(mutex_);
  auto seconds = seconds_.find(key);
  if (seconds == seconds_.end()) {
    const Labels labels = {{"route", std::string(key.first)}, {"status", fmt::format("{}xx", key.second)}};
    const auto made = metrics_.histogram("tamroi_http_request_duration_seconds",
                                         "From the end of the header to the end of the answer, of a feed to its start.",
                                         telemetry::latency_buckets_seconds(), labels);
    seconds = seconds_.emplace(key, made).first;
  }
  seconds->second.observe(std::chrono::duration<double>(took).count());
  if (code.empty()) return;
  auto refusals = refusals_.find(code);
  if (refusals == refusals_.end()) {
    const Labels labels = {{"code", std::string(code)}};
    const auto made = metrics_.counter("tamroi_http_refusals_total", "Requests refused, by the first problem.", labels);
    refusals = refusals_.emplace(code, made).first;
  }
  refusals->second.add();
}

}  // namespace tamroi::http
