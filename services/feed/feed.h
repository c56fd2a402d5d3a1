#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "feed/access.h"
#include "feed/events.h"
#include "http/handler.h"
#include "http/response.h"
#include "telemetry/metrics.h"

namespace tamroi::feed {

struct FeedOptions {
  std::size_t recent_bytes_max = std::size_t{32} << 20;  // of events kept in memory
  std::chrono::milliseconds share_a_write{50};           // events may wait so long, where there are many readers
  std::chrono::milliseconds position_every{10'000};
};

// Changes as they are published, as server-sent events in the ledger's order (contract.md, GET /feed).
//
// Invariants: after a reader's cursor nothing is missing and nothing comes twice, however long ago it was given: what is
//             no longer in memory is read from the ledger.
// Threads:    two of its own: one sends what is new to all who have come to the head, each event encoded once; one brings
//             the others there. open() and wake() from any.
// Limits:     recent_bytes_max of events in memory, as much again of older ones that were read for somebody, and
//             waiting_bytes_max and a block for each reader: one that is slow is
//             brought on at its own pace, and one that takes nothing for as long as a write may take is cut off.
class Feed {
 public:
  Feed(projection::Projection& projection, projection::Clock& clock, telemetry::Log& log, telemetry::Metrics& metrics,
       FeedOptions options = {});
  ~Feed();
  Feed(const Feed&) = delete;
  Feed& operator=(const Feed&) = delete;

  void start();
  void stop();
  // The ledger may have grown.
  void wake();
  struct Readers {
    std::size_t live = 0;    // have come to the head
    std::size_t behind = 0;  // are being brought there
  };
  [[nodiscard]] Readers readers() const;
  // GET /feed; never waits. Ends for whoever may read it no longer.
  void open(const event::Actor& actor, http::Request request, http::Responder respond);

 private:
  using Clock = std::chrono::steady_clock;
  struct Reader {
    Access access;
    Filter filter;
    Cursor cursor;
    http::Stream stream;
    Clock::time_point told_at;  // where the feed is
  };
  void run_live();
  void send_new(const std::vector<std::shared_ptr<const Entry>>& entries);
  void tell_positions();
  void run_behind();
  void gone();
  // Sends a reader some of what it lacks; false once it is gone.
  bool bring_on(Reader& reader);
  // The entries from `index` on as far as they are at hand, in memory or else from the ledger; of one thread.
  [[nodiscard]] std::vector<std::shared_ptr<const Entry>> lacking(event::Offset index);
  [[nodiscard]] std::vector<std::shared_ptr<const Entry>> recent_since(event::Offset index, std::size_t bytes_max) const;

  projection::Projection& projection_;
  projection::Clock& clock_;
  telemetry::Log& log_;
  const FeedOptions options_;
  telemetry::Counter events_counter_;

  telemetry::Counter gone_counter_;

  mutable std::mutex mutex_;
  std::condition_variable wake_live_;
  std::condition_variable wake_behind_;
  bool grown_ = true;
  bool stopped_ = false;
  std::list<Reader> live_;
  std::list<Reader> behind_;
  std::atomic<std::size_t> readers_ = 0;  // in either list or being brought on
  std::deque<std::shared_ptr<const Entry>> recent_;  // of the entries before head_
  std::size_t recent_bytes_ = 0;
  event::Offset head_ = 0;                           // next index to be read
  // What was read from the ledger for one who is behind and may serve others; of the thread that brings them on.
  std::map<event::Offset, std::shared_ptr<const Entry>> older_;
  std::size_t older_bytes_ = 0;
  std::thread live_thread_;
  std::thread behind_thread_;
};

}  // namespace tamroi::feed
