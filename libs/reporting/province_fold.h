#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "event/outcome.h"
#include "event/record.h"
#include "reporting/current_results.h"
#include "reporting/decision.h"
#include "reporting/door.h"
#include "reporting/fold_version.h"
#include "reporting/parts.h"
#include "reporting/plans.h"
#include "reporting/round_state.h"
#include "reporting/store.h"

namespace tamroi::reporting {

// Whether two bodies of one id are the same submission: equal as JSON values, ids in either case.
[[nodiscard]] bool same_body(base::JsonValue a, base::JsonValue b);

// The fold of one province's stream: step(state, record) -> (state', outcome).
//
// Invariants: reads nothing but the record, its own state and the store: no clock, no chance. The same records
//             give the same outcomes, byte for byte. A rejected or repeated record changes nothing.
// Errors:     step throws Defect on an undecodable record, or one of another stream: the stream stops there, and
//             nothing has changed.
class ProvinceFold {
 public:
  ProvinceFold(std::string province, std::shared_ptr<Plans> plans, Store& store);
  // A copy that goes its own way, over another store that holds the same.
  ProvinceFold(const ProvinceFold& other, Store& store);

  [[nodiscard]] event::Outcome step(const event::Record& record, event::Offset offset);
  // An outcome for a record that a quarantine names: it takes its place and concludes nothing.
  [[nodiscard]] event::Outcome pass(event::Offset offset);

  // Before this program's version of the fold counts, another's conclusions are published: this one's state goes its own
  // way, and its outcomes are compared with the published ones only as far as verdicts go.
  [[nodiscard]] bool counts() const { return counted_ >= fold_version; }
  [[nodiscard]] std::uint32_t counted() const { return counted_; }
  // Whether the record is the copy of the control from which on this version counts.
  [[nodiscard]] bool begins_to_count(const event::Record& record) const;
  // At that record: turns what was published until then into what follows from this version, with a change for each
  // result that differs.
  void take_over(const CurrentResults& published, event::Outcome& outcome);

  // Gives what changed of the state since the last save; load takes all parts, in the order of their keys, into a new
  // fold over the same store, which then goes on as this one would.
  void save(Parts& parts);
  void load(std::string_view key, std::string_view bytes);

  [[nodiscard]] const std::string& province() const { return province_; }
  [[nodiscard]] event::Stream stream() const { return stream_; }
  // Null where no catalogue of the round has arrived.
  [[nodiscard]] const RoundState* round(std::string_view round) const;
  [[nodiscard]] const std::map<std::string, std::unique_ptr<RoundState>, std::less<>>& rounds() const { return rounds_; }
  // The body of the record that was stepped last, as long as the record lives; nothing where it is not JSON.
  [[nodiscard]] base::JsonValue stepped() const { return document_.root(); }
  [[nodiscard]] base::Instant recorded_at() const { return recorded_at_; }
  // About how much memory it takes.
  [[nodiscard]] std::size_t bytes() const;
  // Offsets at which the copies of controls 1, 2, 3 ... were applied.
  [[nodiscard]] const std::vector<event::Offset>& controls() const { return controls_; }

 private:
  void submission(const event::Record& record, event::Outcome& outcome);
  void control(const event::Record& record, event::Outcome& outcome);
  void publish_catalogue(const catalogue::Bundle& files, event::Outcome& outcome);
  void apply(RoundState& state, const Decision& decision);
  void conclude(RoundState& state, event::Outcome& outcome);
  void take_over(RoundState& state, const CurrentResults& published, event::Outcome& outcome);
  void load_fold(std::string_view bytes);

  std::string province_;
  event::Stream stream_;
  std::shared_ptr<Plans> plans_;
  Store& store_;
  base::Json document_;  // of the record being stepped; kept for its memory
  base::Instant recorded_at_;
  std::vector<event::Offset> controls_;
  std::map<std::string, std::unique_ptr<RoundState>, std::less<>> rounds_;
  std::uint64_t facts_ = 0;  // recorded so far, in all rounds
  std::uint32_t counted_ = first_fold_version;  // the version that counts
};

}  // namespace tamroi::reporting
