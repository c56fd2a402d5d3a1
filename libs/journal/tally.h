#pragma once

#include <array>
#include <chrono>
#include <memory>
#include <span>

#include "journal/store.h"
#include "telemetry/metrics.h"

namespace tamroi::journal {

// What is counted of a journal, as metrics; without a place for them it counts for itself.
//
// Threads: any.
class Tally {
 public:
  explicit Tally(telemetry::Metrics* metrics);

  void written(std::span<const Placed> batch, std::chrono::steady_clock::duration took);
  void failed() { failures_.add(); }
  void refused(std::size_t records) { refused_.add(static_cast<double>(records)); }
  void open(bool is_open) { open_.set(is_open ? 1 : 0); }

 private:
  struct OfKind {
    telemetry::Counter records;
    telemetry::Counter bytes;
  };
  [[nodiscard]] OfKind of_kind(const char* kind);
  [[nodiscard]] OfKind& of(event::Stream stream);

  const std::unique_ptr<telemetry::Metrics> own_;
  telemetry::Metrics& metrics_;
  telemetry::Histogram seconds_;
  telemetry::Histogram records_;
  telemetry::Counter failures_;
  telemetry::Counter refused_;
  telemetry::Gauge open_;
  OfKind provinces_;
  OfKind control_;
  OfKind ledger_;
  OfKind checkpoints_;
};

}  // namespace tamroi::journal
