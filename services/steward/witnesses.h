#pragma once

#include <chrono>
#include <map>
#include <string>
#include <vector>

#include "audit/policy.h"
#include "audit/witnessing.h"
#include "http/ask.h"
#include "projection/checkpoint_stream.h"
#include "telemetry/log.h"
#include "telemetry/metrics.h"

namespace tamroi::steward {

// Asks witnesses to cosign checkpoints (tlog.md, section 9), all at the same time.
//
// Threads: one at a time.
// Errors:  who does not answer in time, or answers what is no cosignature, is asked again the next time; who has seen another
//          tree is told of in the answer.
class Witnesses {
 public:
  // The references must outlive it. Throws std::runtime_error with a sentence where the policy names one without a URL.
  Witnesses(const audit::Policy& policy, const projection::LogTree& tree, telemetry::Log& log, telemetry::Metrics& metrics,
            std::chrono::milliseconds within = std::chrono::seconds(1));

  struct Asked {
    std::vector<audit::Signature> cosignatures;
    audit::Size seen_most = 0;                // the largest tree that a witness shows the log's own signature of
    std::vector<std::string> contradictions;  // where one shows it of another tree: a sentence, and that note
  };
  [[nodiscard]] Asked ask(const audit::SignedCheckpoint& checkpoint, const std::string& note);
  [[nodiscard]] bool none() const { return known_.empty(); }

 private:
  struct Known {
    const audit::Policy::Witness& witness;
    http::ServerUrl url;
    audit::Size size = 0;  // that it saw last, as far as is known here
    telemetry::Counter answers;
    telemetry::Counter failures;
  };
  // What one says.
  struct Said {
    std::vector<audit::Signature> cosignatures;
    audit::Size seen = 0;
    std::vector<std::string> contradictions;
  };
  [[nodiscard]] Said ask_one(Known& known, const audit::SignedCheckpoint& checkpoint, const std::string& note) const;
  [[nodiscard]] Said conflict(const Known& known, const audit::SignedCheckpoint& checkpoint, const http::Answer& answer) const;
  [[nodiscard]] std::string last_seen_by(const Known& known, const std::string& origin) const;

  const audit::Policy& policy_;

  const projection::LogTree& tree_;
  telemetry::Log& log_;
  const std::chrono::milliseconds within_;
  std::vector<Known> known_;
};

}  // namespace tamroi::steward
