#pragma once

#include <deque>
#include <memory>
#include <string>
#include <vector>

#include <boost/json.hpp>

#include "journal/journal.h"
#include "reporting/control_fold.h"
#include "reporting/memory_store.h"
#include "reporting/province_fold.h"

namespace tamroi::simulation {

// A journal that keeps what a history appends, each record read back from it before it is folded: the two streams are the
// history's alone.
struct Kept {
  journal::Journal& journal;
  event::Stream province;
  event::Stream controls;
};

// One province's stream with its fold, and the control stream that is copied into it.
class Province {
 public:
  // Without `kept` records are in memory alone.
  Province(const std::string& code, std::shared_ptr<reporting::Plans> plans, const Kept* kept = nullptr);
  Province(const Province&) = delete;
  Province& operator=(const Province&) = delete;

  const event::Outcome& submit(const base::Uuid& id, std::string body, base::Instant at);
  // The outcome in the control stream; the copy of an accepted control then waits.
  event::Outcome control(const boost::json::object& body, base::Instant at);
  event::Outcome control(event::Record record);
  // Applies the copy that has waited longest.
  const event::Outcome& apply_copy(base::Instant at);
  const event::Outcome& append(event::Record record);

  [[nodiscard]] std::size_t waiting() const { return waiting_.size(); }
  [[nodiscard]] const reporting::RoundState& round(const std::string& round) const { return *fold_.round(round); }
  [[nodiscard]] const std::vector<event::Record>& records() const { return records_; }
  [[nodiscard]] const std::vector<event::Outcome>& outcomes() const { return outcomes_; }
  [[nodiscard]] const reporting::Published& published() const { return control_fold_.published(); }
  [[nodiscard]] base::Instant control_recorded_at() const { return control_fold_.recorded_at(); }
  [[nodiscard]] reporting::MemoryStore& store() { return store_; }

 private:
  [[nodiscard]] event::Record through_journal(event::Record record, event::Stream stream, event::Offset offset) const;
  [[nodiscard]] std::string body(const std::vector<event::Record>& records, event::Stream Kept::* stream, event::Offset offset) const;

  const Kept* kept_;
  std::vector<event::Record> records_;
  std::vector<event::Outcome> outcomes_;
  std::vector<event::Record> controls_;
  std::deque<event::Record> waiting_;
  reporting::MemoryStore store_;
  reporting::ProvinceFold fold_;
  reporting::ControlFold control_fold_;
};

}  // namespace tamroi::simulation
