#pragma once

#include "http/edge.h"

#include <memory>
#include <string>
#include <utility>

namespace tamroi::http {

// What one request takes of the edge until it is answered.
class InFlight {
 public:
  explicit InFlight(Edge& edge) : edge_(edge) { edge_.tally.requests_changed(1); }
  InFlight(const InFlight&) = delete;
  InFlight& operator=(const InFlight&) = delete;
  ~InFlight() {
    become_stream();
    if (!forwarded_.empty()) edge_.requests_forwarded.leave(forwarded_);
  }

  // False above the cap of an address behind a proxy.
  [[nodiscard]] bool count_forwarded(const std::string& address) {
    const std::size_t most = edge_.options.limits.requests_of_forwarded_address_max;
    if (edge_.requests_forwarded.enter(address, SIZE_MAX, most) != ConnectionCaps::Verdict::Taken) return false;
    forwarded_ = address;
    return true;
  }
  // False where the bodies under way would take too much memory.
  [[nodiscard]] bool reserve(std::uint64_t body_bytes) {
    if (!edge_.reserve(body_bytes)) return false;
    body_bytes_ = body_bytes;
    return true;
  }
  void hold(std::shared_ptr<const void> held) { held_ = std::move(held); }
  // A stream is no request in flight, but its address goes on to count.
  void become_stream() {
    if (std::exchange(counted_, false)) edge_.tally.requests_changed(-1);
    if (const std::uint64_t bytes = std::exchange(body_bytes_, 0); bytes > 0) edge_.give_back(bytes);
    held_.reset();
  }

 private:
  Edge& edge_;
  bool counted_ = true;
  std::string forwarded_;
  std::uint64_t body_bytes_ = 0;
  std::shared_ptr<const void> held_;
};

}  // namespace tamroi::http
