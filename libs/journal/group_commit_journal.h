#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <thread>

#include "journal/append_queue.h"
#include "journal/store.h"
#include "journal/tally.h"

namespace tamroi::journal {

using OpenStore = std::function<std::unique_ptr<Store>()>;

// The journal over a store of this process: one writer thread takes everything that waits, writes it as one batch,
// calls the completions, then the listener for each stream that advanced. No timer: a batch is what came meanwhile.
//
// A failed write is never tried again. Its appends complete with an error (unknown whether stored), what waits behind
// them is refused (certainly not stored), the store is closed and opened anew, and the ends become what it says: so a
// batch that was stored after all appears then. While the store cannot be opened, appends are refused and reads throw.
//
// Threads: as Journal says. The destructor writes all that waits; nothing may be appended meanwhile.
class GroupCommitJournal final : public Journal {
 public:
  explicit GroupCommitJournal(OpenStore open_store, QueueLimits limits = {}, telemetry::Metrics* metrics = nullptr,
                              telemetry::Log* log = nullptr);
  ~GroupCommitJournal() override;

  bool append(Append append, Completion completion) override;
  Backlog backlog() override;
  event::Offset end(event::Stream stream) override;
  std::vector<Entry> read(event::Stream stream, event::Offset from, std::size_t count_max,
                          std::size_t bytes_max) override;
  std::vector<event::Stream> streams() override;
  void copy_to(const std::string& directory) override;
  void on_advance(EndListener listener) override;

 private:
  void run();
  void write(const std::vector<Waiting>& batch);
  void refuse(const std::vector<Journal::Completion>& completions);
  void refuse(const std::vector<Waiting>& batch);
  void recover(const JournalUnavailable& failure, const std::vector<Waiting>& batch);
  void reopen();
  void tell_of(const JournalUnavailable& failure);
  void announce_since(const Ends& before);

  const OpenStore open_store_;
  Tally tally_;
  telemetry::Log* const log_;
  AppendQueue queue_;

  std::mutex listener_mutex_;
  EndListener listener_;

  // Held by readers while they read, and by the writer while it closes or replaces the store; null while closed.
  std::shared_mutex store_mutex_;
  std::unique_ptr<Store> store_;
  std::atomic<bool> closed_ = false;  // so that readers let go of the store soon

  std::mutex ends_mutex_;
  Ends ends_;  // written by the writer only

  std::chrono::steady_clock::time_point reopen_at_;   // the writer's
  std::chrono::steady_clock::time_point tell_of_at_;  // the writer's: no failure is told of before
  std::thread writer_;
};

}  // namespace tamroi::journal
