#pragma once

#include "http/connection_caps.h"
#include "http/gate.h"
#include "http/rate_limits.h"
#include "http/server.h"
#include "http/tally.h"

#include <atomic>
#include <chrono>
#include <string>

namespace tamroi::http {

using Clock = std::chrono::steady_clock;

// What all sessions of a server share.
//
// Threads: any; the options and the rules do not change after the start.
class Edge {
 public:
  Edge(const ServerOptions& options, Handler& handler, telemetry::Log& log, telemetry::Metrics& metrics);

  // The port is known only once it is bound.
  void listen_on(std::uint16_t port);
  [[nodiscard]] bool trusts(const std::string& address) const;
  // The last address that the trusted proxy has added; the proxy's own if it added none.
  [[nodiscard]] std::string client_of(const Request& request, const std::string& proxy) const;
  // The client's own if it is safe to repeat, a new random one otherwise.
  [[nodiscard]] static std::string request_id_of(const Request& request);
  [[nodiscard]] static std::string new_request_id();

  // Counts and logs an answer. The path is logged only of what was there: what a client made up may be a name.
  void answered(const Request& request, std::string_view route, const Response& response, Clock::duration took);
  // False where the bodies under way would take too much memory; true needs one give_back().
  [[nodiscard]] bool reserve(std::uint64_t body_bytes);
  void give_back(std::uint64_t body_bytes);

  const ServerOptions options;
  GateRules rules;
  Handler& handler;
  telemetry::Log& log;
  ConnectionCaps connections;
  ConnectionCaps requests_forwarded;
  RateLimits rates;
  Tally tally;

 private:
  std::atomic<std::uint64_t> body_bytes_ = 0;
};

}  // namespace tamroi::http
