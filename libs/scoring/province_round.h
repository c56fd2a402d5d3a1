#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "catalogue/plan.h"
#include "scoring/cells.h"
#include "scoring/layout.h"
#include "scoring/registry.h"
#include "scoring/snapshot.h"

namespace tamroi::scoring {

// The cell of a `latest` term, or of a judgement, whose facts are kept in order: `term` is an index of
// Plan::terms, or catalogue::none for judgements; `owner` an entity's name, or a unit's code with what it judges.
// Valid during the call.
struct LatestCell {
  std::string_view round;
  catalogue::Index term = catalogue::none;
  std::string_view owner;
  std::uint32_t cell = 0;
};

// The facts of latest cells in order, newest first: only a withdrawn newest needs its runner-up.
class LatestIndex {
 public:
  LatestIndex() = default;
  LatestIndex(const LatestIndex&) = delete;
  LatestIndex& operator=(const LatestIndex&) = delete;
  virtual ~LatestIndex() = default;
  virtual void insert(const LatestCell& cell, const Latest& fact) = 0;
  virtual void erase(const LatestCell& cell, const Latest& fact) = 0;
  // The newest that is there; not present where none is.
  [[nodiscard]] virtual Latest newest(const LatestCell& cell) = 0;
  // Forgets all cells of a round, before they are filled anew under another catalogue.
  virtual void clear(const std::string& round) = 0;
};

// The measures of one province and round, kept up to date by differences: a fact costs what it touches, never
// what there is. Independent facts may come in any order; what is taken back leaves nothing behind.
//
// Invariants: the figures equal a recomputation from all live facts.
// Errors:     CHECKs that a fact taken back was there; the caller has decided what is allowed.
// Not here:   what may be recorded (reporting/), what a level needs (ladder.h), storage.
class ProvinceRound {
 public:
  ProvinceRound(std::shared_ptr<const catalogue::Plan> plan, std::string_view province);

  [[nodiscard]] const catalogue::Plan& plan() const { return *plan_; }
  [[nodiscard]] const std::shared_ptr<const catalogue::Plan>& plan_pointer() const { return plan_; }
  // Units of the province: 0 itself, then its districts by code.
  [[nodiscard]] std::size_t unit_count() const { return unit_codes_.size(); }
  [[nodiscard]] const std::string& unit_code(std::size_t unit) const { return unit_codes_.at(unit); }
  [[nodiscard]] std::optional<std::size_t> unit_of(std::string_view code) const;

  // Adds a live fact, or takes one back.
  void add(const Fact& fact, const base::Uuid& id, LatestIndex& latest) { apply(fact, id, 1, latest); }
  void remove(const Fact& fact, const base::Uuid& id, LatestIndex& latest) { apply(fact, id, -1, latest); }

  // Periods that end with the first `months` months of the round are closed.
  void close_months(std::uint32_t months);
  [[nodiscard]] std::uint32_t closed_months() const { return closed_months_; }
  void set_target(std::size_t unit, catalogue::Index measure, std::uint64_t value);
  // The criteria in force; 0: the round is not open yet.
  void set_revision(std::uint32_t revision);
  [[nodiscard]] std::uint32_t revision() const { return revision_; }

  [[nodiscard]] const Registry& registry(catalogue::Index index) const { return registries_.at(index); }
  // About how much memory it takes: registers and accumulators.
  [[nodiscard]] std::size_t bytes() const;

  // What was last published for the unit's indicator (before the first: level 0 over no facts).
  [[nodiscard]] const Snapshot& published(std::size_t unit, catalogue::Index indicator) const;
  struct Moved {
    std::size_t unit;
    catalogue::Index indicator;
    Snapshot before;
    Snapshot after;
  };
  // Scores every result that was touched since the last call once, and gives those that differ in anything, by
  // indicator and unit. They are then what is published.
  [[nodiscard]] std::vector<Moved> publish();

  // The current figures, scored under any revision, without publishing them.
  [[nodiscard]] Snapshot current(std::size_t unit, catalogue::Index indicator) const;

  // Takes over from the same round under an earlier catalogue: months, revision, targets, and what was published;
  // `replay` then tells every live fact, twice. Facts are known by their names, so a place in the plan may have moved.
  using Replay = std::function<void(const Fact&, const base::Uuid&)>;
  void take_over(const ProvinceRound& earlier, const std::function<void(const Replay&)>& replay, LatestIndex& latest);

  // Adds live facts that are not in their order: `replay` tells each, twice.
  void add_all(const std::function<void(const Replay&)>& replay, LatestIndex& latest);

  // Gives each part that changed since the last save (at first: each) as bytes under a key of its own; load takes
  // them, in the order of the keys, into a new round of the same plan, which then equals this one.
  using Part = std::function<void(std::string_view key, std::string_view bytes)>;
  void save(const Part& put);
  void load(std::string_view key, std::string_view bytes);

  // Whether the member of a measure's domain in a cell (a period or word) is in the domain, and satisfies it.
  struct Truth {
    bool in = false;
    bool satisfied = false;
    bool operator==(const Truth&) const = default;
  };
  [[nodiscard]] Truth truth_of_member(catalogue::Index measure, std::size_t member, std::size_t cell) const;
  [[nodiscard]] Truth truth_of_unit(catalogue::Index measure, std::size_t unit, std::size_t cell) const;
  // How far a cell is: the figure of the first term of its having, for the list of what lacks.
  [[nodiscard]] std::string actual_of_member(catalogue::Index measure, std::size_t member, std::size_t cell) const;
  [[nodiscard]] std::string actual_of_unit(catalogue::Index measure, std::size_t unit, std::size_t cell) const;
  // How many of a measure's cells are of closed periods (all where there are no periods).
  [[nodiscard]] std::size_t closed_cells(catalogue::Index measure) const;
  // A cell's period is cell / words, its word cell % words.
  [[nodiscard]] std::size_t words_of(catalogue::Index measure) const { return layout_.measures[measure].words; }

 private:
  struct Tally {
    std::int64_t in = 0;
    std::int64_t satisfied = 0;
  };
  struct GrowthTally {
    base::Int128 from = 0;  // over members that have both
    base::Int128 to = 0;
    std::int64_t members = 0;
    std::int64_t with_from = 0;
    std::int64_t with_to = 0;
    std::int64_t with_both = 0;
  };
  struct UnitState {
    std::vector<Tally> tallies;
    std::vector<GrowthTally> growths;
    std::vector<Snapshot> published;                       // by indicator
    std::vector<bool> touched;                             // by indicator
    bool marked = true;                                    // changed since it was last saved
    std::vector<std::pair<catalogue::Index, std::uint64_t>> targets;
    std::map<std::pair<std::uint32_t, std::uint32_t>, Latest> judged;  // indicator number, level
  };

  void apply(const Fact& fact, const base::Uuid& id, int sign, LatestIndex& latest);
  void weigh(const Fact& fact, int sign, LatestIndex& latest);  // everything but what it registers
  void count_uses(const Fact& fact, int sign);
  void set_registered(const Fact& fact, const base::Uuid& id, bool live);
  void tally_member(catalogue::Index reg, std::size_t member, int sign);
  void tally_cell(catalogue::Index measure, std::size_t member, std::size_t cell, int sign);
  void feed(catalogue::Index term, const Fact& fact, int sign, LatestIndex& latest);
  void feed_member(catalogue::Index term, const Fact& fact, std::size_t cell, int sign, LatestIndex& latest);
  void feed_unit(catalogue::Index term, const Fact& fact, std::size_t unit, std::size_t cell, int sign,
                 LatestIndex& latest);
  void accumulate(catalogue::Index term, const Fact& fact, Cells& cells, std::size_t owner, std::string_view owner_name,
                  std::size_t cell, int sign, LatestIndex& latest);
  void judge(const Fact& fact, int sign, LatestIndex& latest);
  [[nodiscard]] bool holds(const catalogue::Having& having, catalogue::Index measure, const Cells& cells,
                           std::size_t owner, std::size_t cell) const;
  [[nodiscard]] std::uint64_t amount(catalogue::Index term, const Cells& cells, std::size_t owner,
                                     std::size_t cell) const;
  [[nodiscard]] std::optional<std::size_t> cell_of(catalogue::Index term, const Fact& fact) const;
  [[nodiscard]] Snapshot::Value value_of(std::size_t unit, catalogue::Index measure) const;
  [[nodiscard]] Snapshot::Value share_of(std::size_t unit, catalogue::Index measure) const;
  [[nodiscard]] Snapshot::Value growth_of(std::size_t unit, catalogue::Index measure) const;
  [[nodiscard]] std::uint64_t evidence_of(std::size_t unit, catalogue::Index indicator) const;
  [[nodiscard]] std::string actual(catalogue::Index measure, const Cells& cells, std::size_t owner,
                                   std::size_t cell) const;
  void touch(std::size_t unit, catalogue::Index measure);
  void touch_all();
  [[nodiscard]] std::string unit_bytes(std::size_t unit) const;
  void load_unit(std::size_t unit, std::string_view bytes);
  [[nodiscard]] std::string member_bytes(catalogue::Index reg, std::size_t member) const;
  void load_member(catalogue::Index reg, std::size_t member, std::string_view bytes);

  std::shared_ptr<const catalogue::Plan> plan_;
  Layout layout_;
  std::vector<std::string> unit_codes_;
  std::vector<UnitState> units_;
  Cells unit_cells_;
  std::vector<Registry> registries_;
  std::uint32_t closed_months_ = 0;
  std::uint32_t revision_ = 0;
};

}  // namespace tamroi::scoring
