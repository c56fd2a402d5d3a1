#pragma once

#include <map>
#include <memory>
#include <string>

#include "event/record.h"
#include "telemetry/metrics.h"

namespace tamroi::journal {

// What is counted of Kafka besides what is counted of any journal; without a place for it, it counts for itself.
//
// Threads: any.
class KafkaTally {
 public:
  explicit KafkaTally(telemetry::Metrics* metrics);

  // An error of a client or of a record, by librdkafka's number.
  void error(int error);
  // Brokers answer again.
  void came_back() { came_back_.add(); }

  struct Group {
    double records = 0;  // that the brokers have and this process has not
    double seconds = 0;  // for how long there have been some
  };
  // Of "province", "control", "ledger" and "checkpoints".
  void behind(const char* kind, const Group& group);
  struct ClusterState {
    double brokers = 0;
    double without_leader = 0;  // partitions
    double under_replicated = 0;
  };
  void state(const ClusterState& state);
  void unheard(double seconds) { unheard_.set(seconds); }

  // The kind of a stream, as metrics call it.
  [[nodiscard]] static const char* kind_of(event::Stream stream);

 private:
  const std::unique_ptr<telemetry::Metrics> own_;
  telemetry::Metrics& metrics_;
  std::map<std::string, telemetry::Counter, std::less<>> errors_;
  telemetry::Counter came_back_;
  telemetry::Gauge unheard_;
  telemetry::Gauge brokers_;
  telemetry::Gauge without_leader_;
  telemetry::Gauge under_replicated_;
};

}  // namespace tamroi::journal
