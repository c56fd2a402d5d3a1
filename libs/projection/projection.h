#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <string>
#include <vector>

#include "projection/batch_limits.h"
#include "projection/checkpoint_stream.h"
#include "projection/control_stream.h"
#include "projection/follows.h"
#include "projection/ledger_stream.h"
#include "projection/province_stream.h"
#include "projection/shared_plans.h"
#include "projection/waiters.h"
#include "telemetry/metrics.h"

namespace tamroi::projection {

// Everything that follows from the journal, kept up with it: the control stream, a stream for each province of the
// published catalogues, and the ledger.
//
// Threads: any.
// Errors:  a stream that cannot be folded stops, alone and loudly: see stopped_streams().
class Projection {
 public:
  struct Options {
    std::size_t threads = 2;
    BatchLimits batch = {};
    Follows follows = {};
    bool operator==(const Options&) const = default;
  };
  // Without trust in checkpoints these are not followed.
  Projection(journal::Journal& journal, readmodel::ReadModel& model, telemetry::Log& log, telemetry::Metrics& metrics, Options options,
             std::optional<CheckpointStream::Trust> trust = std::nullopt);
  ~Projection();
  Projection(const Projection&) = delete;
  Projection& operator=(const Projection&) = delete;

  // Folds what there is of the control stream, then follows everything. `progressed` is called whenever something was
  // folded or seen in the ledger; it must be short.
  void start(std::function<void()> progressed);
  // Before start(): what there is of the control stream is folded then, and nothing is followed until another read model
  // is put in the place of this one.
  void hold() { pool_.pause(); }
  // Ends after the batches that are being folded.
  void stop();
  // Between two batches of all streams: while `change` puts another read model in the place of the one that this was
  // made with, nothing is folded, and readers keep what they have. The other must be as far as this one.
  void switch_read_model(const std::function<void()>& change);
  // The same where the one before failed and is to be closed: all streams let go of it before. What was shown stays shown.
  void reopen_read_model(const std::function<void()>& change);
  // Whether another read model is as far as this one.
  [[nodiscard]] bool reached_by(readmodel::ReadModel& other) const;
  // `failed` is told when a stream could not read or write the read model, and will try again; before start().
  void on_model_failure(std::function<void(const readmodel::ReadModelUnavailable&)> failed) { model_failed_ = std::move(failed); }

  [[nodiscard]] const Follows& follows() const { return follows_; }
  [[nodiscard]] const ControlStream& control() const { return *control_; }
  [[nodiscard]] const LedgerStream& ledger() const { return *ledger_; }
  // Null unless they are followed.
  [[nodiscard]] const CheckpointStream* checkpoints() const { return checkpoints_.get(); }
  // Null where there is no such province, or it is not followed.
  [[nodiscard]] const ProvinceStream* province(std::string_view code) const;
  [[nodiscard]] std::vector<const ProvinceStream*> provinces() const;
  // What the streams' catalogues were compiled to: the same bundle gives the same plan.
  [[nodiscard]] const std::shared_ptr<SharedPlans>& shared_plans() const { return plans_; }
  [[nodiscard]] Waiters& waiters() { return waiters_; }
  [[nodiscard]] journal::Journal& journal() { return journal_; }
  [[nodiscard]] readmodel::ReadModel& model() { return model_; }

  // A folded record with its outcome, read in the ledger where only that has it; nothing where it was not folded yet.
  [[nodiscard]] std::optional<readmodel::Folded> folded(event::Position position);

  struct StoppedStream {
    event::Stream stream;
    Stopped stopped;
  };
  [[nodiscard]] std::vector<StoppedStream> stopped_streams() const;
  // This program's version of the fold counts, or did before a later one; until then another one's outcomes are shown,
  // and it says nothing for others.
  [[nodiscard]] bool counts() const { return counts_; }
  // What was in the journal at the start is folded, by a version that counts.
  [[nodiscard]] bool ready();
  // The same of one province; false also where it stopped before.
  [[nodiscard]] bool ready(const ProvinceStream& province) const;
  // Everything that is in the journal now is folded, and nothing is under way.
  [[nodiscard]] bool caught_up();

 private:
  void mark(event::Stream stream);
  void control_advanced();
  void province_advanced(const ProvinceStream& province);
  void make_provinces();
  void tell_of_replay();
  void failed(const std::system_error& failure);
  void change_read_model(const std::function<void()>& change);

  journal::Journal& journal_;
  readmodel::ReadModel& model_;
  telemetry::Log& log_;
  const std::shared_ptr<Tally> tally_;
  telemetry::Gauge replayed_;
  const BatchLimits batch_;
  const Follows follows_;
  const std::shared_ptr<SharedPlans> plans_ = std::make_shared<SharedPlans>();
  std::function<void()> progressed_ = [] {};
  std::function<void(const readmodel::ReadModelUnavailable&)> model_failed_ = [](const auto&) {};
  std::mutex changing_;  // of the read model: one at a time
  bool started_ = false;
  event::Offset control_at_start_ = 0;  // what the read model had of it
  std::map<event::Stream, event::Offset> ends_at_start_;
  std::atomic<bool> counts_ = false;
  std::atomic<bool> ready_ = false;
  Waiters waiters_;
  std::unique_ptr<ControlStream> control_;
  std::unique_ptr<LedgerStream> ledger_;
  std::unique_ptr<CheckpointStream> checkpoints_;
  mutable std::shared_mutex provinces_mutex_;
  std::map<std::string, std::unique_ptr<ProvinceStream>, std::less<>> provinces_;
  FollowerPool pool_;
};

}  // namespace tamroi::projection
