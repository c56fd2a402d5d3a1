#pragma once

#include <cstddef>
#include <map>
#include <span>
#include <vector>

#include "journal/journal.h"

namespace tamroi::journal {

// An append with the offset it gets.
struct Placed {
  event::Offset offset;
  const Append* append;
};

using Ends = std::map<event::Stream, event::Offset>;

// Where a journal of one process keeps its records; GroupCommitJournal says when it is written and what is in it.
//
// Threads: reads from any thread, also while one thread writes.
// Errors:  throws JournalUnavailable; after a failed write the batch is wholly in or wholly out, and only a store
//          opened anew tells which.
class Store {
 public:
  Store() = default;
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;
  virtual ~Store() = default;

  // The end of each stream that has a record.
  [[nodiscard]] virtual Ends ends() = 0;
  // All or nothing, and durable on return.
  virtual void write(std::span<const Placed> batch) = 0;
  // Records of [from, until), all of which were written, not empty: at least one, then no more than about `bytes_max`.
  [[nodiscard]] virtual std::vector<Entry> read(event::Stream stream, event::Offset from, event::Offset until,
                                                std::size_t bytes_max) = 0;
  // Makes a directory with a copy of what was written, which can be opened as this was. Throws where it has no files.
  virtual void copy_to(const std::string& directory);
};

}  // namespace tamroi::journal
