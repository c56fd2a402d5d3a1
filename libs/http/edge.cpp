#include "http/edge.h"

#include <boost/asio/ip/address.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <random>

namespace tamroi::http {
namespace {

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
      rates(server_options.limits.rate_of_address, server_options.limits.rates_kept_max),
      tally(metrics) {
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

void Edge::answered(const Request& request, std::string_view route, const Response& response, Clock::duration took) {
  tally.answered(route, response.status, response.code, took);
  log.write(response.status >= 500 ? telemetry::Severity::Warning : telemetry::Severity::Info, "answered",
            {{"request_id", request.request_id},
             {"remote", request.remote},
             {"method", request.method},
             {"route", route},
             {"path", response.status < 400 ? std::string_view(request.path) : std::string_view()},
             {"status", response.status},
             {"code", response.code},
             {"seconds", std::chrono::duration<double>(took).count()}});
}

bool Edge::reserve(std::uint64_t body_bytes) {
  std::uint64_t taken = body_bytes_;
  do {
    if (taken + body_bytes > options.limits.bodies_bytes_max) return false;
  } while (!body_bytes_.compare_exchange_weak(taken, taken + body_bytes));
  tally.body_bytes_changed(static_cast<double>(body_bytes));
  return true;
}

void Edge::give_back(std::uint64_t body_bytes) {
  body_bytes_ -= body_bytes;
  tally.body_bytes_changed(-static_cast<double>(body_bytes));
}

}  // namespace tamroi::http
