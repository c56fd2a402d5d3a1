#pragma once

#include "http/handler.h"
#include "http/rate_limits.h"

#include "telemetry/log.h"
#include "telemetry/metrics.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace tamroi::http {

// Each an absolute bound of its phase, not restarted by a byte that arrives.
struct Deadlines {
  std::chrono::milliseconds header{5'000};
  std::chrono::milliseconds body_least{10'000};  // or what the body takes at body_bytes_per_second, if longer
  std::uint64_t body_bytes_per_second = 32 * 1024;
  std::chrono::milliseconds idle{15'000};
  std::chrono::milliseconds write{30'000};
  std::chrono::milliseconds request{60'000};  // from the end of the body to the answer
  std::chrono::milliseconds linger{2'000};    // reading on after an early answer, so that it arrives
  bool operator==(const Deadlines&) const = default;
};

struct Limits {
  std::size_t header_bytes_max = 8 * 1024;
  std::size_t fields_max = 64;
  std::size_t target_bytes_max = 2048;
  std::size_t connections_max = 10'000;
  std::size_t connections_of_address_max = 64;
  std::size_t requests_of_connection_max = 1'000;
  std::size_t stream_bytes_max = 1 << 20;  // waiting for a slow client of a stream
  std::uint64_t bodies_bytes_max = 256 << 20;  // of all requests in flight
  Rate rate_of_address = {.per_second = 2'000, .burst = 20'000};
  std::size_t rates_kept_max = 100'000;  // of addresses; beyond that they share one
  // With trusted proxies, instead of the two of connections; the second counts requests in flight.
  std::size_t connections_with_proxy_max = 30'000;
  std::size_t requests_of_forwarded_address_max = 2'000;
  bool operator==(const Limits&) const = default;
};

struct ServerOptions {
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;  // 0: any free one
  // Names and addresses that Host may give, each also with ":port" behind it.
  std::vector<std::string> hosts = {"127.0.0.1", "localhost", "[::1]"};
  std::vector<std::string> methods = {"GET", "POST"};  // of the whole route table; none: the handler refuses
  std::vector<std::string> trusted_proxies = {};       // addresses whose X-Forwarded-For counts
  std::size_t threads = 1;
  Deadlines deadlines = {};
  Limits limits = {};
  bool operator==(const ServerOptions&) const = default;
};

// An HTTP/1.1 server without TLS, for loopback or behind a proxy.
//
// Invariants: nothing sees a request before the gate has; requests of a connection are answered in their order.
// Threads:    calls the handler on its own threads; start() and stop() from one other thread.
// Errors:     start() throws std::system_error (the address is in use, the address is none).
// Limits:     those of the options.
// Not here:   TLS, HTTP/2, limits of accounts, files.
class Server {
 public:
  // The references must outlive the server.
  Server(ServerOptions options, Handler& handler, telemetry::Log& log, telemetry::Metrics& metrics);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  void start();
  // Accepts no more, ends streams, lets requests in flight finish within the bound, closes everything. True if none was
  // cut off.
  bool stop(std::chrono::milliseconds bound);
  // Of a started server.
  [[nodiscard]] std::uint16_t port() const;

 private:
  struct Core;
  std::unique_ptr<Core> core_;
};

}  // namespace tamroi::http
