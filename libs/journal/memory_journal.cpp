#include <mutex>

#include "base/check.h"
#include "journal/group_commit_journal.h"

namespace tamroi::journal {
namespace {

class MemoryStore final : public Store {
 public:
  Ends ends() override {
    const std::scoped_lock lock(mutex_);
    Ends ends;
    for (const auto& [stream, entries] : streams_) ends[stream] = entries.size();
    return ends;
  }

  void write(std::span<const Placed> batch) override {
    const std::scoped_lock lock(mutex_);
    for (const Placed& placed : batch) {
      std::vector<Entry>& entries = streams_[placed.append->stream];
      CHECK(placed.offset == entries.size());
      entries.push_back({placed.offset, placed.append->time, placed.append->bytes});
    }
  }

  std::vector<Entry> read(event::Stream stream, event::Offset from, event::Offset until,
                          std::size_t bytes_max) override {
    const std::scoped_lock lock(mutex_);
    const std::vector<Entry>& entries = streams_.at(stream);
    CHECK(until <= entries.size());
    std::vector<Entry> picked;
    std::size_t size_bytes = 0;
    for (event::Offset offset = from; offset < until; ++offset) {
      size_bytes += entries[offset].bytes.size();
      if (!picked.empty() && size_bytes > bytes_max) break;
      picked.push_back(entries[offset]);
    }
    return picked;
  }

 private:
  std::mutex mutex_;
  std::map<event::Stream, std::vector<Entry>> streams_;
};

}  // namespace

std::unique_ptr<Journal> make_memory_journal() {
  return std::make_unique<GroupCommitJournal>([] { return std::make_unique<MemoryStore>(); });
}

}  // namespace tamroi::journal
