// The ladder of a second version of the fold: a level counts only as far as its evidence is there. It stands in the place
// of libs/scoring/ladder.cpp, all of which it has.

#define stand stand_without_evidence
#include "scoring/ladder.cpp"
#undef stand

namespace tamroi::scoring {

event::Standing stand(const Plan& plan, Index indicator, std::uint32_t revision, const Snapshot& own, const Snapshot& province);

event::Standing stand(const Plan& plan, Index indicator, std::uint32_t revision, const Snapshot& own, const Snapshot& province) {
  auto standing = stand_without_evidence(plan, indicator, revision, own, province);
  standing.level = standing.evidenced_level;
  standing.score = score_of(plan.indicators[indicator], standing.level);
  return standing;
}

}  // namespace tamroi::scoring
