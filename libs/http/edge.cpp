#include "http/edge.h"

#include <boost/asio/ip/address.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <random>

namespace tamroi::http {
namespace {

telemetry::Counter answers(telemetry::Metrics& metrics, const std::string& status_class) {
  const telemetry::Labels labels = {{"class", status_class}};
  return metrics.counter("http_requests_total", "Requests answered, by class of status.", labels);
}

bool safe_to_repeat(std::string_view id) {
  return !id.empty() && id.size() <= 64 && std::ranges::all_of(id, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("._-").contains(c);
  });
}

}  // namespace

Edge::Edge(const ServerOptions& server_options, Handler& request_handler, telemetry::Log& server_log,
           telemetry::Metrics& metrics)
    : options(server_options),
      handler(request_handler),
      log(server_log),
      answers_{answers(metrics, "other"), answers(metrics, "1xx"), answers(metrics, "2xx"),
               answers(metrics, "3xx"),   answers(metrics, "4xx"), answers(metrics, "5xx")},
      seconds_(metrics.histogram("http_request_seconds", "From the end of the header to the end of the answer.",
                                 telemetry::latency_buckets_seconds())),
      open_connections_(metrics.gauge("http_open_connections", "Open connections.")) {
  rules.methods = options.methods;
  rules.header_bytes_max = options.limits.header_bytes_max;
  rules.fields_max = options.limits.fields_max;
  rules.target_bytes_max = options.limits.target_bytes_max;
}

void Edge::listen_on(std::uint16_t port) {
  rules.hosts.clear();
  for (const std::string& host : options.hosts) {
    rules.hosts.push_back(host);
    rules.hosts.push_back(fmt::format("{}:{}", host, port));
  }
}

bool Edge::trusts(const std::string& address) const {
  return std::ranges::find(options.trusted_proxies, address) != options.trusted_proxies.end();
}

std::string Edge::client_of(const Request& request, const std::string& proxy) const {
  std::string_view last;
  for (const auto& [name, value] : request.headers) {
    if (name == "x-forwarded-for") last = value;
  }
  const std::size_t comma = last.rfind(',');
  if (comma != std::string_view::npos) last.remove_prefix(comma + 1);
  while (last.starts_with(' ')) last.remove_prefix(1);
  boost::system::error_code error;
  const auto address = boost::asio::ip::make_address(last, error);
  return error ? proxy : address.to_string();
}

std::string Edge::request_id_of(const Request& request) {
  const auto given = request.header("request-id");
  return given && safe_to_repeat(*given) ? std::string(*given) : new_request_id();
}

std::string Edge::new_request_id() {
  thread_local std::mt19937_64 random = [] {
    std::random_device device;
    std::seed_seq seed{device(), device(), device(), device()};
    return std::mt19937_64(seed);
  }();
  return fmt::format("{:016x}{:016x}", random(), random());
}

void Edge::answered(const Request& request, int status, Clock::duration took) {
  const double seconds = std::chrono::duration<double>(took).count();
  const std::size_t status_class = static_cast<std::size_t>(status) / 100;
  answers_[status_class < answers_.size() ? status_class : 0].add();
  seconds_.observe(seconds);
  log.write(status >= 500 ? telemetry::Severity::Warning : telemetry::Severity::Info, "answered",
            {{"request_id", request.request_id},
             {"remote", request.remote},
             {"method", request.method},
             {"path", request.path},
             {"status", status},
             {"seconds", seconds}});
}

}  // namespace tamroi::http
