#pragma once

#include <functional>
#include <memory>
#include <string>

#include <boost/json.hpp>

#include "answer/published_round.h"
#include "reporting/memory_store.h"
#include "reporting/province_fold.h"

// The real history under a catalogue that nobody published: what would move.
namespace tamroi::answer {

// Plans in which a draft stands in the place of a round's latest catalogue.
class DraftedPlans final : public reporting::Plans {
 public:
  DraftedPlans(std::shared_ptr<reporting::Plans> published, std::shared_ptr<const catalogue::Plan> latest, std::shared_ptr<const catalogue::Plan> draft)
      : published_(std::move(published)), latest_(std::move(latest)), draft_(std::move(draft)) {}
  [[nodiscard]] catalogue::Compiled compile(const catalogue::Bundle& bundle) override;

 private:
  const std::shared_ptr<reporting::Plans> published_;
  const std::shared_ptr<const catalogue::Plan> latest_;
  const std::shared_ptr<const catalogue::Plan> draft_;
};

// A province's stream, folded in memory from its beginning.
//
// Errors: step throws Defect where what was decided, or reported, has no meaning under the draft.
class UnderDraft {
 public:
  // `body` gives the body of a record that was stepped.
  UnderDraft(std::string province, std::shared_ptr<reporting::Plans> plans, std::function<std::string(event::Offset)> body)
      : store_(std::move(body)), fold_(std::move(province), std::move(plans), store_) {}

  void step(const event::Record& record, event::Offset offset) { static_cast<void>(fold_.step(record, offset)); }
  // A record that a quarantine names.
  void pass(event::Offset offset) { static_cast<void>(fold_.pass(offset)); }
  // Null while the round is not open.
  [[nodiscard]] std::shared_ptr<const PublishedRound> round(const std::string& name) const;

 private:
  reporting::MemoryStore store_;
  reporting::ProvinceFold fold_;
};

// Each result that would stand otherwise, or be measured otherwise: {"unit", "indicator", "before", "after", "measures",
// "accepted" where the unit's submissions would be judged otherwise}. `revision` 0: that in force.
[[nodiscard]] boost::json::array moves(const PublishedRound& before, const PublishedRound& after, std::uint32_t revision);

}  // namespace tamroi::answer
