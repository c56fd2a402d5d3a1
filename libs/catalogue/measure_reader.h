#pragma once

#include "catalogue/draft.h"

namespace tamroi::catalogue {

// Reads one measure: its domain, the terms that are kept for each cell, and the test on them.
class MeasureReader {
 public:
  MeasureReader(Draft& draft, Measure measure, Reporter& reporter)
      : plan_(draft.plan),
        draft_(draft),
        reporter_(reporter),
        measure_(std::move(measure)),
        index_(static_cast<Index>(draft.plan.measures.size())) {}

  [[nodiscard]] Index read(const Value& body, bool labelled);

 private:
  void read_how(const Value& how);
  void read_members(const Value& how, Measure::Kind kind);
  void read_growth(const Value& how);
  void read_domain(const Value& value);
  void read_axis(const Value& value, bool paired);
  void read_register(const Value& value, bool paired);
  Having read_having(const Value& value, std::size_t depth = 0);
  Having read_test(const Value& value, const Members& members);
  Having read_latest_test(const Value* latest, const Members& members);
  Index read_term(const Value& value, Term::Kind kind);
  void read_term_field(const Members& members, const Value& value, Term& term);
  void read_from_parent(const Value& value, Term& term);
  void find_cell_fields(const Value& value, Term& term);

  Plan& plan_;
  Draft& draft_;
  Reporter& reporter_;
  Measure measure_;
  Index index_;
};

}  // namespace tamroi::catalogue
