#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "audit/witnessing.h"
#include "base/time.h"
#include "http/handler.h"
#include "telemetry/log.h"
#include "witness/heads.h"

namespace tamroi::witness {

// Cosigns checkpoints of the logs that it knows, each only where it continues the one before (c2sp.org/tlog-witness).
//
// Invariants: what is cosigned is durable first; one checkpoint at a time, in the order of arrival.
// Threads:    any.
// Errors:     add() throws std::system_error where a head cannot be stored; nothing is cosigned then.
class Witness {
 public:
  // The references must outlive it. Throws as Heads does, and std::runtime_error where what is stored is not its own.
  Witness(audit::Signer key, std::vector<audit::Verifier> logs, Heads& heads, std::function<base::Instant()> now, telemetry::Log& log);

  // POST /add-checkpoint
  [[nodiscard]] http::Response add(std::string_view body);
  // GET /NAME/checkpoint
  [[nodiscard]] http::Response checkpoint(const std::string& name);

  static constexpr std::size_t body_bytes_max = 64 * 1024;

 private:
  const audit::Signer key_;
  const std::vector<audit::Verifier> logs_;
  Heads& heads_;
  const std::function<base::Instant()> now_;
  telemetry::Log& log_;
  std::mutex mutex_;
};

// The witness behind HTTP. What waits for the disk runs on a thread of its own; what does not fit there is told to come again.
class WitnessHandler final : public http::Handler {
 public:
  explicit WitnessHandler(Witness& witness, telemetry::Log& log);
  [[nodiscard]] http::Admission admit(const http::Request& head) override;
  void answer(http::Request request, http::Responder respond) override;

  static constexpr std::size_t waiting_max = 64;

 private:
  void work(const std::stop_token& stop);

  Witness& witness_;
  telemetry::Log& log_;
  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::deque<std::pair<std::function<http::Response()>, http::Responder>> waiting_;
  std::jthread worker_;
};

}  // namespace tamroi::witness
