#pragma once

#include "http/connection_caps.h"
#include "http/gate.h"
#include "http/server.h"

#include <array>
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

  void answered(const Request& request, int status, Clock::duration took);
  void connections_changed(double amount) { open_connections_.add(amount); }

  const ServerOptions options;
  GateRules rules;
  Handler& handler;
  telemetry::Log& log;
  ConnectionCaps connections;
  ConnectionCaps requests_forwarded;

 private:
  std::array<telemetry::Counter, 6> answers_;  // by the first digit of the status
  telemetry::Histogram seconds_;
  telemetry::Gauge open_connections_;
};

}  // namespace tamroi::http
