#pragma once

#include <chrono>
#include <expected>
#include <optional>

#include "base/problem.h"
#include "http/request.h"
#include "projection/stamps.h"

// What a request asks for in its headers.
namespace tamroi::gateway {

// The time that what is posted is received at: the clock's, or on a simulated server that of Tamroi-Time, to which the
// clock moves (contract.md, simulated servers).
[[nodiscard]] std::expected<projection::Stamps::Stamp, base::Problem> stamp_of(const http::Request& request, projection::Stamps& stamps);

// Prefer: wait=N, in seconds, but no longer than `most`; what is no such preference is passed over (RFC 7240).
void set_wait(const http::Request& request, std::chrono::milliseconds most, bool& waits, std::chrono::steady_clock::time_point& deadline);

}  // namespace tamroi::gateway
