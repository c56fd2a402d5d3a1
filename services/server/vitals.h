#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "feed/feed.h"
#include "memory/budget.h"
#include "projection/clock.h"
#include "projection/projection.h"
#include "telemetry/metrics.h"

namespace tamroi::server {

// What is looked at only when someone asks for metrics: lags, depths, sizes, states.
//
// Threads: as telemetry::Metrics::on_expose.
class Vitals {
 public:
  struct Parts {
    projection::Projection& projection;
    projection::Clock& clock;
    feed::Feed& feed;
    const memory::Budget& budget;
    std::filesystem::path directory;
    std::function<bool()> ready;
    std::function<bool()> steward;
  };
  // Must outlive the last exposition.
  Vitals(telemetry::Metrics& metrics, Parts parts, const std::string& version);

 private:
  void look();
  void look_at_streams();
  void look_at_stream(event::Stream stream, event::Offset next);
  void look_at_ledger();
  void look_at_log();
  void look_at_journal();
  void look_at_read_model();
  void look_at_memory();
  void look_at_folds();
  void look_at_disk();
  void look_at_feed();
  void set(const char* name, const char* meaning, double value, const telemetry::Labels& labels = {});

  telemetry::Metrics& metrics_;
  const Parts parts_;
};

}  // namespace tamroi::server
