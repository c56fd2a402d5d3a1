#pragma once

#include <cstdint>
#include <deque>
#include <set>
#include <string>
#include <vector>

#include "simulation/agreement.h"
#include "simulation/author.h"
#include "simulation/chance.h"
#include "simulation/office.h"
#include "simulation/province.h"
#include "simulation/reader.h"
#include "simulation/world.h"

namespace tamroi::simulation {

// What histories have led to, all together.
struct Totals {
  Heights heights;
  std::map<base::Code, std::size_t> problems;
  std::map<event::Verdict, std::size_t> verdicts;
  std::size_t records = 0;
  std::size_t changes = 0;
  std::size_t later_catalogues = 0;
};

// One random history of a province's round, every step of it held against the model, the reader and the twin.
// The same seed gives the same history. Everything throws Mismatch where something does not agree.
class History {
 public:
  History(const World& world, std::uint64_t seed, Totals& totals, const Kept* kept = nullptr);
  // Publishes the catalogue, opens the round and lets `steps` things happen.
  void run(std::size_t steps);
  // Takes back everything that is live.
  void withdraw_everything();
  void require_agreement();

  [[nodiscard]] const World& world() const { return world_; }
  [[nodiscard]] const Model& model() const { return model_; }
  [[nodiscard]] Province& province() { return province_; }
  [[nodiscard]] const reporting::RoundState& round() const { return province_.round(plan_->round); }
  [[nodiscard]] const catalogue::Plan& plan() const { return *plan_; }
  [[nodiscard]] Chance& chance() { return chance_; }
  [[nodiscard]] std::string some_unit();

 private:
  struct Sent {
    boost::json::object body;
    event::Offset offset;
  };
  void publish(const catalogue::Bundle& files);
  void open();
  void step();
  void pass_time();
  void submit();
  [[nodiscard]] std::vector<Wish> some_wishes(std::string& unit);
  void submit(const Draft& draft);
  void submit_to_no_round();
  void repeat();
  void skip_a_copy();
  void control(base::Instant at, ControlDraft draft);
  // The day on which the control stream would judge a record of that time.
  [[nodiscard]] base::Date judged_on(base::Instant at) const;
  void repeat_a_control();
  void apply_copies();
  const event::Outcome& note(const event::Outcome& outcome, const std::vector<Expected>& problems);
  void advance(base::Instant at);
  [[nodiscard]] base::Instant now();

  const World& world_;
  Totals& totals_;
  Chance chance_;
  std::shared_ptr<const catalogue::Plan> plan_;
  Province province_;
  Model model_;
  Author author_;
  Office office_;
  Reader reader_;
  base::Date day_{};
  std::int32_t days_per_step_ = 1;
  std::string goal_;                                 // whose result,
  std::uint32_t goal_indicator_ = 0;                 // and of which indicator, this history strives for
  std::size_t zeal_ = 0;                             // how often, in percent
  std::size_t haste_ = 0;                            // how soon months are closed, in percent a step
  std::deque<std::function<void(Model&)>> effects_;  // of the copies that wait
  std::vector<Sent> submissions_;
  std::vector<Sent> controls_;
};

}  // namespace tamroi::simulation
