#pragma once

#include <algorithm>
#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <string>

#include "answer/published_round.h"
#include "journal/journal.h"
#include "projection/batch_limits.h"
#include "projection/folding.h"
#include "projection/follower.h"
#include "projection/tally.h"
#include "readmodel/read_model.h"
#include "reporting/plans.h"
#include "reporting/province_fold.h"

namespace tamroi::projection {

// What a province has come to at a commit. Readers keep it while the fold goes on.
struct ProvinceView {
  event::Offset next = 0;       // applied up to, exclusive
  base::Instant recorded_at;
  std::size_t fold_bytes = 0;           // that the fold takes in memory, about
  std::vector<event::Offset> controls;  // where the copies of controls 1, 2, 3 … were applied
  std::map<std::string, std::shared_ptr<const answer::PublishedRound>, std::less<>> rounds;  // also those not opened
};

// Folds one province's stream into the read model. On a record that cannot be folded, or a gap, it stops there, unless
// a quarantine names that record; the records before it stand.
//
// Threads: advance() by one at a time, the rest from any.
class ProvinceStream final : public Follower {
 public:
  struct Surroundings {
    journal::Journal& journal;
    readmodel::ReadModel& model;
    std::shared_ptr<reporting::Plans> plans;
    telemetry::Log& log;
    // The hash that a quarantine names for the position.
    std::function<std::optional<std::string>(event::Position)> quarantine;
    std::function<void(const ProvinceStream&)> advanced;
    std::shared_ptr<Tally> tally = std::make_shared<Tally>();
    BatchLimits batch = {};
  };
  ProvinceStream(const std::string& province, Surroundings around);

  [[nodiscard]] event::Stream stream() const override { return stream_; }
  [[nodiscard]] const std::string& province() const { return province_; }
  bool advance() override;

  [[nodiscard]] std::shared_ptr<const ProvinceView> view() const;
  [[nodiscard]] std::optional<Stopped> stopped() const;
  // Just after a start, before what the read model has of it was read: the view says nothing yet.
  [[nodiscard]] bool unread() const { return view()->next == 0 && around_.journal.end(stream_) > 0; }
  // Another read model is in the place of the one before: it is loaded when the stream advances next.
  void reopen();
  // The read model is to be closed: nothing of it is kept but what is shown. Not while it advances.
  void let_go();
  // Tries a stopped stream again, e.g. after a quarantine.
  void resume();
  // Calls `read` with the round as it is in the view that it gets; waits while a batch is folded. Throws ReadModelUnavailable
  // while the fold has to be read anew.
  void with_round(std::string_view round, const std::function<void(const ProvinceView&, const reporting::RoundState&)>& read) const;
  // Calls `change` with a copy of the fold as it is in the view that it gets; what it makes of the copy is forgotten. Waits
  // as with_round does, and throws what it throws.
  void with_copy(const std::function<void(const ProvinceView&, reporting::ProvinceFold&)>& change) const;
  // The ledger's entries of this stream have been seen up to here.
  void published_to(event::Offset next) { published_next_ = next; }
  [[nodiscard]] bool compared() const { return compared_next_ >= std::min<event::Offset>(published_next_, view()->next); }

 private:
  bool advance_alone();
  void load();
  void forget();
  bool fold_batch();
  void verify_results() const;
  // What the ledger has of an offset, if it has it.
  [[nodiscard]] std::optional<std::string> published_outcome(event::Offset offset) const;
  void commit(std::vector<readmodel::Step> steps);
  void refold(const std::vector<journal::Entry>& entries, std::size_t count);
  void recover(const std::vector<journal::Entry>& entries, std::size_t failed, const std::string& why);
  void compare();
  void stop_damaged(const std::system_error& damage);
  void stop(event::Offset at, std::string why, std::string record_sha256 = {});
  void show();
  // Throws ReadModelUnavailable while it has to be read anew.
  void require_fold() const;

  const std::string province_;
  const event::Stream stream_;
  const Surroundings around_;

  mutable std::shared_mutex fold_mutex_;  // held alone from before a batch is folded until it is committed and shown
  std::unique_ptr<readmodel::StreamModel> model_;
  std::unique_ptr<ProvinceFolding> folding_;
  event::Offset next_ = 0;  // committed up to, exclusive
  bool loaded_ = false;
  bool shown_ = false;

  std::atomic<event::Offset> published_next_ = 0;
  std::atomic<event::Offset> compared_next_ = 0;

  mutable std::mutex view_mutex_;
  std::shared_ptr<const ProvinceView> view_ = std::make_shared<ProvinceView>();
  std::optional<Stopped> stopped_;
};

}  // namespace tamroi::projection
