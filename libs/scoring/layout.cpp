#include "scoring/layout.h"

#include "base/check.h"

namespace tamroi::scoring {
namespace {

using catalogue::Measure;
using catalogue::none;
using catalogue::PeriodKind;
using catalogue::Plan;
using catalogue::Term;

std::size_t words(const Plan& plan, const catalogue::Field& field) {
  if (field.kind == catalogue::FieldKind::Choice) return plan.vocabularies[field.vocabulary].words.size();
  return field.set ? 64 : 0;
}

}  // namespace

Layout::Layout(const Plan& plan)
    : terms(plan.terms.size()), measures(plan.measures.size()), members(plan.registers.size()),
      over_register(plan.registers.size()) {
  for (std::size_t m = 0; m < plan.measures.size(); ++m) {
    const auto& measure = plan.measures[m];
    auto& place = measures[m];
    const bool by_member = measure.domain.entity_register != none;
    if (measure.domain.vocabulary != none) place.words = plan.vocabularies[measure.domain.vocabulary].words.size();
    const bool periodic = measure.domain.period != PeriodKind::None;
    place.cells = place.words * (periodic ? plan.periods(measure.domain.period).size() : 1);
    place.tally = tallies;
    place.tallies = periodic ? place.cells : 1;
    tallies += place.tallies;
    if (measure.kind == Measure::Kind::Growth) place.growth = growths++;
    auto& extent = by_member ? members[measure.domain.entity_register] : units;
    if (by_member) {
      auto& over = over_register[measure.domain.entity_register];
      place.member_bit = over.size();
      CHECK(place.member_bit < 64);
      over.push_back(static_cast<catalogue::Index>(m));
    }
    for (const auto t : measure.terms) {
      const auto& term = plan.terms[t];
      auto& slot = terms[t];
      switch (term.kind) {
        case Term::Kind::Count: slot.base = extent.counts; extent.counts += place.cells; break;
        case Term::Kind::Sum: slot.base = extent.sums; extent.sums += place.cells; break;
        case Term::Kind::Latest: slot.base = extent.latest; extent.latest += place.cells; break;
        case Term::Kind::Distinct: {
          const auto values = words(plan, plan.fact_types[term.fact].fields[term.field]);
          slot.dense = values != 0;
          slot.values = values;
          auto& storage = slot.dense ? extent.counts : extent.multisets;
          slot.base = storage;
          storage += place.cells * (slot.dense ? values : 1);
        }
      }
    }
  }
}

}  // namespace tamroi::scoring
