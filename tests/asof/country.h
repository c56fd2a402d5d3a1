#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "journal/journal.h"
#include "projection/folding.h"
#include "projection/shared_plans.h"
#include "reporting/control_fold.h"
#include "reporting/memory_store.h"
#include "sample/line.h"

namespace tamroi::asof {

// A province's stream as a fresh fold in memory has it.
struct Province {
  Province(const std::string& code, journal::Journal& journal, const std::shared_ptr<reporting::Plans>& plans);

  const std::string code;
  const event::Stream stream;
  reporting::MemoryStore store;
  projection::ProvinceFolding folding;
  std::deque<event::LedgerEntry> unpublished;

  // Null while the round is not open.
  [[nodiscard]] const reporting::RoundState* round() const;
};

// The country's sample, written into a journal as a server would, with its controls copied and its outcomes published in
// some other order, and folded in one pass beside that.
class Country {
 public:
  Country(const std::vector<sample::Line>& lines, std::uint64_t seed);

  // Takes the next line. False where there is none.
  bool step();
  // When the next one comes; nothing at the end.
  [[nodiscard]] std::optional<base::Instant> next_at() const;
  // Publishes all that was concluded, or all of one province.
  void publish();
  void publish(Province& province);

  [[nodiscard]] journal::Journal& journal() { return *journal_; }
  [[nodiscard]] const std::shared_ptr<const catalogue::Plan>& plan() const { return controls_->published().plans.begin()->second; }
  [[nodiscard]] Province& province(const std::string& code) { return *provinces_.at(code); }
  [[nodiscard]] std::map<std::string, std::unique_ptr<Province>>& provinces() { return provinces_; }
  [[nodiscard]] base::Instant at() const { return at_; }
  [[nodiscard]] const std::shared_ptr<projection::SharedPlans>& plans() const { return plans_; }

 private:
  void append_control(const event::Record& record);
  void append(Province& province, const event::Record& record);
  void publish_some();
  void publish_one(Province& province);
  journal::Entry append(event::Stream stream, base::Instant at, std::string bytes);

  std::unique_ptr<journal::Journal> journal_ = journal::make_memory_journal();
  std::shared_ptr<projection::SharedPlans> plans_ = std::make_shared<projection::SharedPlans>();
  std::unique_ptr<reporting::ControlFold> controls_;
  std::map<std::string, std::unique_ptr<Province>> provinces_;
  const std::vector<sample::Line>& lines_;
  std::size_t next_ = 0;
  base::Instant at_;
  std::mt19937_64 chance_;
};

}  // namespace tamroi::asof
