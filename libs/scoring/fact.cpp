#include "scoring/fact.h"

#include <algorithm>

namespace tamroi::scoring {
namespace {

bool holds(const catalogue::Condition& condition, const Fact& fact) {
  using Op = catalogue::Condition::Op;
  if (condition.op == Op::OccurredWithin) {
    return fact.occurred_on >= condition.from && fact.occurred_on <= condition.to;
  }
  const auto& value = fact.values[condition.field];
  if (!value.present) return false;
  switch (condition.op) {
    case Op::Equals: return value.number == condition.number;
    case Op::HasAll: return (value.mask & condition.mask) == condition.mask;
    default: return true;
  }
}

}  // namespace

bool matches(const catalogue::Where& where, const Fact& fact) {
  return std::ranges::all_of(where, [&](const auto& condition) { return holds(condition, fact); });
}

}  // namespace tamroi::scoring
