#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "audit/checkpoint.h"
#include "projection/evidence.h"
#include "projection/follower.h"
#include "projection/log_tree.h"

namespace tamroi::projection {

// A checkpoint as it was published.
struct PublishedCheckpoint {
  audit::Checkpoint checkpoint;
  std::string note;
  std::size_t signatures = 0;
};

// Follows the checkpoints: which is the newest that the tree here agrees with. One that is smaller than the newest is passed,
// and so is what is not signed by the log; one that contradicts the tree is kept as evidence; one of more entries than were
// seen here waits for them.
//
// Threads: advance() by one at a time, the rest from any.
class CheckpointStream final : public Follower {
 public:
  using One = std::shared_ptr<const PublishedCheckpoint>;  // null: none yet
  struct Trust {
    std::optional<audit::Verifier> key = {};                           // without it any checkpoint of the journal is the log's
    std::function<bool(const std::string& note)> is_cosigned = {};     // by as many witnesses as must; empty: none must
    Evidence* evidence = nullptr;                                      // must outlive it
  };

  // The references must outlive it.
  CheckpointStream(journal::Journal& journal, readmodel::ReadModel& model, telemetry::Log& log, Trust trust);

  [[nodiscard]] event::Stream stream() const override { return event::checkpoints_stream; }
  bool advance() override;
  // Another read model is in the place of the one before. Not while it advances.
  void reopen();

  [[nodiscard]] One newest() const;
  // The newest that witnesses cosigned as they must.
  [[nodiscard]] One cosigned() const;
  // What is shown: the newest, but for the moment in which witnesses are asked to cosign it.
  [[nodiscard]] One shown() const;
  [[nodiscard]] event::Offset next() const { return next_; }
  // How many entries a checkpoint has that waits for them; 0: none waits.
  [[nodiscard]] audit::Size waits_for() const { return waits_for_; }
  [[nodiscard]] const LogTree& tree() const { return tree_; }
  [[nodiscard]] const Trust& trust() const { return trust_; }
  [[nodiscard]] std::optional<Stopped> stopped() const;

 private:
  bool advance_batch();
  // False where it has to wait.
  bool take(const journal::Entry& entry);
  void pass(event::Offset offset, const std::string& why);
  void contradicts(const PublishedCheckpoint& published, const audit::Hash& root);
  [[nodiscard]] std::expected<PublishedCheckpoint, std::string> opened(const std::string& bytes) const;
  void show(PublishedCheckpoint published);

  journal::Journal& journal_;
  readmodel::ReadModel& model_;
  telemetry::Log& log_;
  const Trust trust_;
  const LogTree tree_;
  std::atomic<event::Offset> next_;
  std::atomic<audit::Size> waits_for_ = 0;

  mutable std::mutex mutex_;
  One newest_;
  One cosigned_;
  std::chrono::steady_clock::time_point newest_since_{};
  std::optional<Stopped> stopped_;
};

}  // namespace tamroi::projection
