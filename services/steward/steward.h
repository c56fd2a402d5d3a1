#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <map>
#include <mutex>
#include <thread>

#include "journal/lease.h"
#include "projection/projection.h"
#include "projection/stamps.h"

namespace tamroi::steward {

// What one node at a time does for all: copies accepted controls into every province's stream, closes months that are
// due, and publishes every outcome to the ledger, a control's before its copies.
//
// Invariants: within a stream the ledger's offsets are dense; what is written twice keeps its place and is passed by
//             readers. It appends nothing while it does not hold the lease, and begins, once it has it, with what the
//             journal holds by then.
// Threads:    one of its own; wake(), idle() and holds_lease() from any.
// Errors:     behind a failed append nothing is appended; it starts again from what the journal then holds.
class Steward {
 public:
  // The references must outlive it.
  Steward(projection::Projection& projection, journal::Lease& lease, projection::Stamps& stamps, telemetry::Log& log, telemetry::Metrics& metrics);
  ~Steward();
  Steward(const Steward&) = delete;
  Steward& operator=(const Steward&) = delete;

  void start();
  // Ends when what was appended is known to be durable, or not.
  void stop();
  // There may be something to do.
  void wake();
  // Nothing is due at the clock's time, as seen here, whoever does it: every control is copied, every outcome published,
  // every month closed.
  [[nodiscard]] bool idle();
  [[nodiscard]] bool holds_lease() { return lease_.held(); }

 private:
  void run();
  void work();
  // Whether it has anything to do among the stewards, and is far enough for it.
  [[nodiscard]] bool takes_part();
  // A later version of the fold has its time, and all that this one has to say is said.
  [[nodiscard]] bool has_ended() const;
  void lease_changed();
  // From what is in the journal; false while that is not folded yet.
  bool settle();
  void unsettle();
  // Notes where the streams end, once; whether all that is folded.
  [[nodiscard]] bool reached_ends();
  void publish(event::Stream stream, event::Offset until);
  void publish_provinces();
  void copy_controls();
  void close_months();
  // Throws JournalUnavailable when this or an earlier append failed; see Appended.
  void append(journal::Append append, projection::Stamps::Stamp stamp = nullptr);
  [[nodiscard]] bool all_copied() const;

  projection::Projection& projection_;
  journal::Lease& lease_;
  projection::Stamps& stamps_;
  projection::Clock& clock_;
  telemetry::Log& log_;
  telemetry::Counter published_counter_;

  // Its own thread's: what was appended up to, exclusive.
  std::map<event::Stream, event::Offset> published_;
  std::map<std::string, std::uint64_t> copied_;
  std::map<std::string, event::Offset> ends_;  // of the streams when it began to settle: to be folded before any copy
  bool settled_ = false;
  bool takes_part_ = false;

  std::mutex mutex_;
  std::condition_variable wake_;
  bool woken_ = true;
  bool stopped_ = false;
  std::size_t in_flight_ = 0;
  bool failed_ = false;
  bool lease_changed_ = false;
  std::thread thread_;
};

}  // namespace tamroi::steward
