#include "projection/tally.h"

namespace tamroi::projection {
namespace {

constexpr const char* fold_meaning = "Folding a batch of a province's stream.";
constexpr const char* commit_meaning = "Writing what a batch changed to the read model.";

}  // namespace

Tally::Tally(telemetry::Metrics* metrics)
    : own_(metrics == nullptr ? std::make_unique<telemetry::Metrics>() : nullptr),
      metrics_(metrics == nullptr ? *own_ : *metrics),
      fold_(metrics_.histogram("tamroi_projection_fold_duration_seconds", fold_meaning, telemetry::latency_buckets_seconds())),
      commit_(metrics_.histogram("tamroi_projection_commit_duration_seconds", commit_meaning, telemetry::latency_buckets_seconds())),
      records_(metrics_.histogram("tamroi_projection_batch_records", "Records of a batch.", telemetry::count_buckets())),
      of_provinces_(of_kind("province")),
      of_control_(of_kind("control")) {}

Tally::OfVerdict Tally::of_kind(const char* kind) {
  const auto of = [&](const char* verdict) {
    return metrics_.counter("tamroi_projection_records_total", "Records folded, by the kind of their stream and what became of them.",
                            {{"kind", kind}, {"verdict", verdict}});
  };
  return {of("none"), of("accepted"), of("rejected"), of("repeat"), of("quarantined"), of("applied"), of("skipped")};
}

void Tally::committed(Duration took, event::Stream stream, std::span<const readmodel::Step> steps) {
  commit_.observe(std::chrono::duration<double>(took).count());
  records_.observe(static_cast<double>(steps.size()));
  auto& counters = stream == event::control_stream ? of_control_ : of_provinces_;
  for (const auto& step : steps) counters.at(static_cast<std::size_t>(step.outcome.verdict)).add();
}

}  // namespace tamroi::projection
