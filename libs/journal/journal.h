#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "base/time.h"
#include "base/uuid.h"
#include "event/record.h"
#include "telemetry/log.h"
#include "telemetry/metrics.h"

namespace rocksdb {
class Cache;
class WriteBufferManager;
}  // namespace rocksdb

namespace tamroi::journal {

// The journal could not do what was asked; whether it was done may be unknown (see Append).
class JournalUnavailable : public std::system_error {
 public:
  using std::system_error::system_error;
};

// What the journal once held is not there any more, or is not as it was written: it stays so, whoever tries again.
class JournalDamaged : public JournalUnavailable {
 public:
  using JournalUnavailable::JournalUnavailable;
};

// One record to append: its bytes (event::encode), and Kafka's key and CreateTime.
struct Append {
  event::Stream stream;
  base::Uuid key;
  base::Instant time;
  std::string bytes;
};

// What became of an append. `offset` counts only where `error` is empty. An error means that the outcome is
// unknown: the record may be stored, so a caller never says "not stored". One error alone says more:
// std::errc::resource_unavailable_try_again means that it was refused before any write and is certainly not stored
// (too much waits already, an append before it failed, or the journal is being opened again).
struct Appended {
  event::Offset offset = 0;
  std::error_code error;
};

// What waits to be written.
struct Backlog {
  std::size_t records = 0;
  std::size_t bytes = 0;
  bool full = false;  // an append would be refused now
};

struct Entry {
  event::Offset offset;
  base::Instant time;
  std::string bytes;
};

// The append-only record of everything that happened; the only source of truth.
//
// Invariants: offsets of a stream are dense from 0; what was appended never changes; appends of one caller
//             to one stream keep their order; a completion says durable (fsync, or acks=all).
// Threads:    every function from any thread. Completions and end listeners run on a thread of the journal:
//             they must be short, must not block, and must not call back into append of the same journal.
// Errors:     append reports through its completion; reads throw JournalUnavailable, or JournalDamaged.
// Not here:   no deduplication, no decoding; see reporting/.
class Journal {
 public:
  using Completion = std::function<void(Appended)>;
  using EndListener = std::function<void(event::Stream)>;

  Journal() = default;
  Journal(const Journal&) = delete;
  Journal& operator=(const Journal&) = delete;
  virtual ~Journal() = default;

  // False where it was refused at once: it is certainly not stored. The completion says so too, a little later.
  virtual bool append(Append append, Completion completion) = 0;
  [[nodiscard]] virtual Backlog backlog() = 0;
  // What an operator has to see to before appends are taken again, as a sentence; empty where there is nothing.
  [[nodiscard]] virtual std::string trouble() { return {}; }
  // The offset after the last durable record; 0 for a stream that nothing was ever appended to.
  [[nodiscard]] virtual event::Offset end(event::Stream stream) = 0;
  // Whether end() says what the journal's keeper says now: others may have appended what has not come round yet. Waits a
  // little for it.
  [[nodiscard]] virtual bool catch_up(event::Stream) { return true; }
  // For how long its keeper has not said where streams end, though it is asked again and again: what others appended since
  // is not known here. Always short where nobody else appends.
  [[nodiscard]] virtual std::chrono::milliseconds unheard() { return std::chrono::milliseconds(0); }
  // Records from `from` on, in order: at most `count_max`, and at least one where there is one, then no more than
  // about `bytes_max`. Empty at the end.
  [[nodiscard]] virtual std::vector<Entry> read(event::Stream stream, event::Offset from, std::size_t count_max,
                                                std::size_t bytes_max) = 0;
  // It will soon be read from its beginning to its end: what takes a while can begin.
  virtual void expect(event::Stream) {}
  // Streams with at least one record, in order of their codes.
  [[nodiscard]] virtual std::vector<event::Stream> streams() = 0;
  // Makes a directory with a copy of a state between two batches, which can be opened as a journal, while this one goes
  // on. Throws JournalUnavailable where it cannot, also where the journal has no files of its own.
  virtual void copy_to(const std::string& directory) = 0;
  // Called after each advance of a stream's end; one listener, set before the first append.
  virtual void on_advance(EndListener listener) = 0;
};

// Appends and waits for the completion; throws JournalUnavailable on an error.
event::Offset append_and_wait(Journal& journal, Append append);

// For tests and the pure runner: in memory, the same contract.
[[nodiscard]] std::unique_ptr<Journal> make_memory_journal();

// What may wait to be written; what comes beyond is refused (see Appended).
struct QueueLimits {
  std::size_t appends_max = 65'536;
  std::size_t bytes_max = std::size_t{256} << 20;
  bool operator==(const QueueLimits&) const = default;
};

struct JournalOptions {
  QueueLimits queue = {};
  telemetry::Metrics* metrics = nullptr;  // where it counts; must outlive it
  telemetry::Log* log = nullptr;          // where it tells of failures; must outlive it
  // Shared with other databases of the process; without them it has a little of its own.
  std::shared_ptr<rocksdb::Cache> cache = nullptr;
  std::shared_ptr<rocksdb::WriteBufferManager> buffers = nullptr;
  bool operator==(const JournalOptions&) const = default;
};

// The embedded journal: a RocksDB database of its own in `directory` (created when absent).
// Group commit: one writer takes everything that waits, writes one batch, one fsync. No timer. The destructor writes
// all that waits. After a failed write the database is closed and opened anew, and what it then holds is what counts.
// Opens with kTolerateCorruptedTailRecords; throws JournalUnavailable where it cannot, also when another
// process has it open, and JournalDamaged where files or records are missing. A tail that was lost whole cannot be seen
// from here: who needs to know keeps the ends in a second place.
[[nodiscard]] std::unique_ptr<Journal> open_rocksdb_journal(const std::string& directory, const JournalOptions& options = {});

}  // namespace tamroi::journal
