#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <shared_mutex>

#include "journal/journal.h"
#include "projection/batch_limits.h"
#include "projection/follower.h"
#include "projection/tally.h"
#include "readmodel/read_model.h"
#include "reporting/control_fold.h"

namespace tamroi::projection {

// Folds the control stream. Its fold lives in memory and is built anew at each start: controls are few.
//
// Threads: advance() by one at a time, the rest from any.
class ControlStream final : public Follower {
 public:
  ControlStream(journal::Journal& journal, readmodel::ReadModel& model, std::shared_ptr<reporting::Plans> plans, telemetry::Log& log,
                std::function<void()> advanced, std::shared_ptr<Tally> tally = std::make_shared<Tally>(),
                const BatchLimits& batch = {});

  [[nodiscard]] event::Stream stream() const override { return event::control_stream; }
  bool advance() override;
  // Another read model is in the place of the one before. Not while it advances.
  void reopen();

  // Calls `read` with the fold as it is after some record.
  template <class Read>
  auto with_fold(Read read) const {
    const std::shared_lock lock(fold_mutex_);
    return read(*fold_);
  }
  [[nodiscard]] std::shared_ptr<const reporting::Published> published() const;
  [[nodiscard]] event::Offset next() const;
  [[nodiscard]] std::optional<Stopped> stopped() const;

 private:
  bool advance_batch();
  // What was folded and is not in the read model yet.
  void commit();
  void stop(event::Offset at, std::string why);
  [[nodiscard]] std::optional<readmodel::Step> step(const journal::Entry& entry);
  void show();

  journal::Journal& journal_;
  readmodel::ReadModel& model_;
  telemetry::Log& log_;
  const std::function<void()> advanced_;
  const std::shared_ptr<Tally> tally_;
  const BatchLimits batch_;
  mutable std::shared_mutex fold_mutex_;
  std::unique_ptr<reporting::ControlFold> fold_;
  event::Offset folded_next_ = 0;
  event::Offset committed_next_ = 0;
  std::vector<readmodel::Step> uncommitted_;

  mutable std::mutex view_mutex_;
  event::Offset next_ = 0;
  std::shared_ptr<const reporting::Published> published_ = std::make_shared<reporting::Published>();
  std::optional<Stopped> stopped_;
};

}  // namespace tamroi::projection
