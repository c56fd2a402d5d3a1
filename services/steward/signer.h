#pragma once

#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "journal/lease.h"
#include "projection/clock.h"
#include "projection/projection.h"
#include "steward/witnesses.h"

namespace tamroi::steward {

// Signs what the ledger comes to, while this node is steward: a checkpoint from time to time, as long as there is something
// new; then lets witnesses cosign it.
//
// Invariants: it signs no tree that is smaller than, or does not contain, what was signed before, as far as the checkpoints
//             stream, the file of what was signed here last, and the witnesses tell. That file is durable before what it
//             holds is published.
// Threads:    one of its own; trouble() from any.
// Errors:     what it refuses to sign is in the log, the metrics and trouble(); what fails otherwise is tried again.
class Signer {
 public:
  struct Options {
    std::optional<audit::Signer> key = {};  // without it nothing is signed
    std::filesystem::path last_signed = {};
    // While this file is there, a backup was restored: what was signed after it is unknown here, unless witnesses tell.
    std::filesystem::path restored = {};
    std::chrono::milliseconds every{10'000};
    std::optional<audit::Policy> policy = {};  // of the witnesses
    // Told before each use of the key; what it says no to is not done.
    std::function<bool(const audit::Checkpoint&)> note_use = [](const auto&) { return true; };
  };
  // The references must outlive it; the projection follows the checkpoints. Throws std::runtime_error where a witness is
  // named that cannot be asked.
  Signer(projection::Projection& projection, journal::Lease& lease, projection::Clock& clock, telemetry::Log& log, telemetry::Metrics& metrics,
         Options options);
  ~Signer();
  Signer(const Signer&) = delete;
  Signer& operator=(const Signer&) = delete;

  void start();
  void stop();
  // Why nothing is signed although this node should; empty where there is nothing to tell.
  [[nodiscard]] std::string trouble() const;

 private:
  void run();
  void work();
  // Whether it is known what was signed before, and the tree here contains it.
  [[nodiscard]] bool may_sign();
  [[nodiscard]] bool contains(const audit::Checkpoint& before, const std::string& note, const std::string& where);
  void sign(audit::Size size);
  // The checkpoint with what witnesses sign now; where one shows another tree, that is kept.
  [[nodiscard]] audit::Note ask(const audit::SignedCheckpoint& checkpoint, const std::string& note);
  // The same, published where it is more than before; whether they cosigned as they must.
  bool gather(const audit::SignedCheckpoint& checkpoint, const std::string& note);
  // Lets them tell first what they have seen.
  void ask_before_signing();
  [[nodiscard]] bool may_follow_restore();
  void publish(const std::string& note);
  void refuse(const std::string& why);

  projection::Projection& projection_;
  journal::Lease& lease_;
  projection::Clock& clock_;
  telemetry::Log& log_;
  const Options options_;
  telemetry::Counter signed_counter_;
  telemetry::Gauge refused_gauge_;
  std::unique_ptr<Witnesses> witnesses_;

  bool asked_ = false;             // its own thread's: witnesses, since it has the lease
  bool looked_ = false;            // its own thread's: at what others appended before it had the lease
  audit::Size seen_elsewhere_ = 0; // its own thread's: the largest tree that a witness speaks of
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::string trouble_;
  bool stopped_ = false;
  std::thread thread_;
};

}  // namespace tamroi::steward
