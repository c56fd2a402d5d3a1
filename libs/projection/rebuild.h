#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <stdexcept>
#include <string>

#include "journal/journal.h"
#include "projection/follows.h"
#include "projection/replay.h"
#include "readmodel/build.h"

namespace tamroi::projection {

// A result that this version of the fold has otherwise than the one that counts.
struct Parted {
  event::HistoryRow published;
  event::HistoryRow own;
  event::Position since;  // the first record that they differ after
};

struct RebuildTotals {
  std::size_t streams = 0;
  std::size_t taken_over = 0;  // streams that an interrupted rebuild had finished
  std::uint64_t records = 0;   // folded now, controls and copies included
  std::uint64_t facts = 0;     // versions of facts, written now
  std::uint64_t compared = 0;  // of the records: what was published was compared
  std::map<std::string, base::Digest> digests;  // of each stream's results at its end, of those folded now
  std::vector<Parted> parted;                   // in the order of their keys, of the streams folded now
};

// How far a rebuild has come, for others to look at, and whether they want it to end.
struct RebuildProgress {
  std::atomic<std::size_t> streams = 0;    // whole
  std::atomic<std::uint64_t> records = 0;  // folded, about
  std::atomic<bool> stopped = false;
};
class RebuildStopped : public std::runtime_error {
 public:
  RebuildStopped() : std::runtime_error("the rebuild was stopped") {}
};

// Builds a generation of the read model from the journal alone, as far as the journal reaches when a stream is begun,
// and compares every outcome with the ledger's. Streams are folded at the same time, one a thread, each in memory.
//
// Errors: throws JournalDiffers with the first difference in the order of the ledger, of those that were found; then
//         nothing was made. RebuildStopped soon after `progress` says stopped: what is whole is taken over by the next.
//         `told` gets a line a stream, from any thread, one at a time.
struct RebuildWishes {
  std::size_t threads = 2;
  Follows follows = {};
  RebuildProgress* progress = nullptr;
};
[[nodiscard]] RebuildTotals rebuild(journal::Journal& journal, readmodel::Build& build, const RebuildWishes& wishes,
                                    const std::function<void(const std::string& line)>& told);

}  // namespace tamroi::projection
