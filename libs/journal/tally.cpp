#include "journal/tally.h"

namespace tamroi::journal {

Tally::Tally(telemetry::Metrics* metrics)
    : own_(metrics == nullptr ? std::make_unique<telemetry::Metrics>() : nullptr),
      metrics_(metrics == nullptr ? *own_ : *metrics),
      seconds_(metrics_.histogram("tamroi_journal_commit_duration_seconds", "Writing a batch until it is durable.",
                                  telemetry::latency_buckets_seconds())),
      records_(metrics_.histogram("tamroi_journal_commit_records", "Records of a batch.", telemetry::count_buckets())),
      failures_(metrics_.counter("tamroi_journal_failures_total", "Batches whose write failed; whether they are stored is told anew.")),
      refused_(metrics_.counter("tamroi_journal_refused_records_total", "Records that were not taken: too much waited, or it was closed.")),
      open_(metrics_.gauge("tamroi_journal_open", "Whether it can be read and written.")),
      provinces_(of_kind("province")),
      control_(of_kind("control")),
      ledger_(of_kind("ledger")),
      checkpoints_(of_kind("checkpoints")) {}

Tally::OfKind Tally::of_kind(const char* kind) {
  const telemetry::Labels labels{{"kind", kind}};
  return {metrics_.counter("tamroi_journal_appended_records_total", "Records appended, by the kind of their stream.", labels),
          metrics_.counter("tamroi_journal_appended_bytes_total", "Their bytes.", labels)};
}

Tally::OfKind& Tally::of(event::Stream stream) {
  if (stream == event::control_stream) return control_;
  if (stream == event::ledger_stream) return ledger_;
  return stream == event::checkpoints_stream ? checkpoints_ : provinces_;
}

void Tally::written(std::span<const Placed> batch, std::chrono::steady_clock::duration took) {
  seconds_.observe(std::chrono::duration<double>(took).count());
  records_.observe(static_cast<double>(batch.size()));
  for (const Placed& placed : batch) {
    OfKind& kind = of(placed.append->stream);
    kind.records.add();
    kind.bytes.add(static_cast<double>(placed.append->bytes.size()));
  }
}

}  // namespace tamroi::journal
