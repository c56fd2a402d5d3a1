#pragma once

#include <array>
#include <chrono>
#include <memory>
#include <span>

#include "readmodel/read_model.h"
#include "telemetry/metrics.h"

namespace tamroi::projection {

// What is counted of folding, as metrics; without a place for them it counts for itself.
//
// Threads: any.
class Tally {
 public:
  using Duration = std::chrono::steady_clock::duration;
  explicit Tally(telemetry::Metrics* metrics = nullptr);

  void folded(Duration took) { fold_.observe(std::chrono::duration<double>(took).count()); }
  void committed(Duration took, event::Stream stream, std::span<const readmodel::Step> steps);

 private:
  static constexpr std::size_t verdicts = 7;  // event::Verdict begins at 1
  using OfVerdict = std::array<telemetry::Counter, verdicts>;
  [[nodiscard]] OfVerdict of_kind(const char* kind);

  const std::unique_ptr<telemetry::Metrics> own_;
  telemetry::Metrics& metrics_;
  telemetry::Histogram fold_;
  telemetry::Histogram commit_;
  telemetry::Histogram records_;
  OfVerdict of_provinces_;
  OfVerdict of_control_;
};

}  // namespace tamroi::projection
