#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <optional>

#include "journal/journal.h"
#include "projection/batch_limits.h"
#include "projection/follower.h"
#include "readmodel/read_model.h"

namespace tamroi::projection {

// Follows the ledger: notes where each outcome stands, so that it can be read and compared. An entry counts only if
// its offset is the next of its stream; anything else (a former steward's late write) keeps its place and is passed.
//
// Threads: advance() by one at a time, the rest from any.
class LedgerStream final : public Follower {
 public:
  // `published` is told of each stream that the ledger has more of, up to which offset, exclusive; then of the ledger itself.
  LedgerStream(journal::Journal& journal, readmodel::ReadModel& model, telemetry::Log& log,
               std::function<void(event::Stream, event::Offset)> published, const BatchLimits& batch = {});

  [[nodiscard]] event::Stream stream() const override { return event::ledger_stream; }
  bool advance() override;
  // Another read model is in the place of the one before. Not while it advances.
  void reopen();

  [[nodiscard]] event::Offset next() const { return next_; }
  [[nodiscard]] std::optional<Stopped> stopped() const;

 private:
  bool advance_batch();
  void stop(event::Offset at, std::string why);

  journal::Journal& journal_;
  readmodel::ReadModel& model_;
  telemetry::Log& log_;
  const std::function<void(event::Stream, event::Offset)> published_;
  const BatchLimits batch_;
  std::map<event::Stream, event::Offset> published_next_;
  std::atomic<event::Offset> next_;
  mutable std::mutex stopped_mutex_;
  std::optional<Stopped> stopped_;
};

}  // namespace tamroi::projection
