#include "server/vitals.h"

#include <set>
#include <system_error>

#include "disk/space.h"
#include "setup/server_directory.h"
#include "telemetry/this_program.h"

namespace tamroi::server {
namespace {

namespace filesystem = std::filesystem;

double bytes_below(const filesystem::path& folder) {
  double bytes = 0;
  std::error_code error;
  for (filesystem::recursive_directory_iterator each(folder, error), end; !error && each != end; each.increment(error)) {
    std::error_code gone;  // tables are deleted while they are counted
    const auto size = each->is_regular_file(gone) ? each->file_size(gone) : 0;
    if (!gone) bytes += static_cast<double>(size);
  }
  return bytes;
}

}  // namespace

Vitals::Vitals(telemetry::Metrics& metrics, Parts parts, const std::string& version) : metrics_(metrics), parts_(std::move(parts)) {
  set("tamroi_build_info", "The version of the program and of the fold; always 1.", 1,
      {{"version", version}, {"fold_version", std::to_string(reporting::fold_version)}});
  telemetry::tell_of_this_program(metrics_);
  metrics_.on_expose([this] { look(); });
}

void Vitals::set(const char* name, const char* meaning, double value, const telemetry::Labels& labels) {
  metrics_.gauge(name, meaning, labels).set(value);
}

void Vitals::look() {
  set("tamroi_ready", "Whether it has caught up since its start and no stream is stopped.", parts_.ready() ? 1 : 0);
  set("tamroi_steward", "Whether it is the one that publishes to the ledger; of all that share a journal one is.", parts_.steward() ? 1 : 0);
  // What cannot be read just now keeps the value that it had.
  for (const auto part : {&Vitals::look_at_streams, &Vitals::look_at_ledger, &Vitals::look_at_log, &Vitals::look_at_journal, &Vitals::look_at_read_model,
                          &Vitals::look_at_memory, &Vitals::look_at_folds, &Vitals::look_at_disk, &Vitals::look_at_feed}) {
    try {
      (this->*part)();
    } catch (const std::system_error&) {
      continue;
    }
  }
}

void Vitals::look_at_streams() {
  auto& projection = parts_.projection;
  std::set<event::Stream> stopped;
  for (const auto& each : projection.stopped_streams()) stopped.insert(each.stream);
  const auto look_at = [&](event::Stream stream, event::Offset next) {
    set("tamroi_stream_stopped", "Whether a stream is not followed any further.", stopped.contains(stream) ? 1 : 0,
        {{"stream", event::to_string(stream)}});
    look_at_stream(stream, next);
  };
  look_at(event::control_stream, projection.control().next());
  look_at(event::ledger_stream, projection.ledger().next());
  for (const auto* province : projection.provinces()) look_at(province->stream(), province->view()->next);
}

void Vitals::look_at_stream(event::Stream stream, event::Offset next) {
  auto& journal = parts_.projection.journal();
  const auto end = journal.end(stream);
  const auto lag = end > next ? end - next : 0;
  const telemetry::Labels labels{{"stream", event::to_string(stream)}};
  set("tamroi_journal_end_offset", "Where a stream ends, as far as is known here.", static_cast<double>(end), labels);
  set("tamroi_projection_lag_records", "Records of a stream that are not applied yet.", static_cast<double>(lag), labels);
  double seconds = 0;
  if (lag > 0) {
    const auto oldest = journal.read(stream, next, 1, 0);
    if (!oldest.empty()) seconds = static_cast<double>(parts_.clock.now().micros - oldest.front().time.micros) / 1e6;
  }
  set("tamroi_projection_lag_seconds", "Age of the oldest of them.", std::max(seconds, 0.0), labels);
}

void Vitals::look_at_ledger() {
  auto& projection = parts_.projection;
  auto& model = projection.model();
  const auto unpublished = [&](event::Stream stream, event::Offset next) {
    const auto published = model.published_next(stream);
    return next > published ? static_cast<double>(next - published) : 0.0;
  };
  double lag = unpublished(event::control_stream, projection.control().next());
  for (const auto* province : projection.provinces()) lag += unpublished(province->stream(), province->view()->next);
  set("tamroi_ledger_lag_records", "Records that are applied, but not seen in the ledger yet.", lag);
}

void Vitals::look_at_log() {
  const auto& checkpoints = *parts_.projection.checkpoints();
  const auto entries = parts_.projection.ledger().next();
  const auto missing = [&](const projection::CheckpointStream::One& one) {
    const auto size = one == nullptr ? 0 : one->checkpoint.size;
    return entries > size ? static_cast<double>(entries - size) : 0.0;
  };
  // A log that nobody signs lacks nothing.
  const auto newest = checkpoints.newest();
  set("tamroi_log_unsigned_entries", "Entries of the ledger that no checkpoint covers yet, where there are checkpoints.", newest == nullptr ? 0 : missing(newest));
  set("tamroi_log_uncosigned_entries", "Those that none covers that witnesses cosigned as they must, where any must.",
      checkpoints.trust().is_cosigned ? missing(checkpoints.cosigned()) : 0);
}

void Vitals::look_at_journal() {
  const auto backlog = parts_.projection.journal().backlog();
  set("tamroi_journal_queue_records", "Records that wait to be written.", static_cast<double>(backlog.records));
  set("tamroi_journal_queue_bytes", "Their bytes.", static_cast<double>(backlog.bytes));
  set("tamroi_journal_queue_full", "Whether a record would be refused.", backlog.full ? 1 : 0);
}

void Vitals::look_at_read_model() {
  const auto sizes = parts_.projection.model().sizes();
  set("tamroi_readmodel_table_bytes", "Tables on disk.", static_cast<double>(sizes.table_bytes));
  set("tamroi_readmodel_pending_bytes", "Tables that are to be merged.", static_cast<double>(sizes.pending_bytes));
  set("tamroi_readmodel_writes_delayed", "Whether writes wait for merging.", sizes.writes_delayed ? 1 : 0);
}

void Vitals::look_at_memory() {
  const auto use = parts_.budget.use();
  set("tamroi_memory_block_bytes", "Blocks, filters and indexes of all databases in memory.", static_cast<double>(use.block_bytes));
  set("tamroi_memory_pinned_block_bytes", "Those of them that are in use or kept for good.", static_cast<double>(use.pinned_bytes));
  set("tamroi_memory_buffer_bytes", "Of all databases in memory, not yet in tables.", static_cast<double>(use.buffer_bytes));
  set("tamroi_memory_limit_bytes", "What blocks and buffers may take together.", static_cast<double>(parts_.budget.limits().bytes));
}

void Vitals::look_at_folds() {
  std::size_t bytes = 0;
  for (const auto* province : parts_.projection.provinces()) bytes += province->view()->fold_bytes;
  set("tamroi_memory_fold_bytes", "Entities and accumulators of all provinces in memory, about.", static_cast<double>(bytes));
}

void Vitals::look_at_disk() {
  const setup::ServerDirectory directory{parts_.directory};
  const auto space = disk::space_of(directory.root);
  set("tamroi_disk_free_bytes", "Free space of the data directory's file system.", static_cast<double>(space.free_bytes));
  set("tamroi_disk_size_bytes", "Its size.", static_cast<double>(space.size_bytes));
  constexpr const char* name = "tamroi_disk_used_bytes";
  constexpr const char* meaning = "What a part of the data directory takes.";
  set(name, meaning, bytes_below(directory.journal()), {{"part", "journal"}});
  set(name, meaning, bytes_below(directory.read_model()), {{"part", "readmodel"}});
}

void Vitals::look_at_feed() {
  constexpr const char* name = "tamroi_feed_readers";
  constexpr const char* meaning = "Readers of the feed: live, or behind and being brought to its head.";
  const auto readers = parts_.feed.readers();
  set(name, meaning, static_cast<double>(readers.live), {{"state", "live"}});
  set(name, meaning, static_cast<double>(readers.behind), {{"state", "behind"}});
}

}  // namespace tamroi::server
