#pragma once

#include <cstdint>
#include <expected>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "answer/published_round.h"
#include "audit/pack_check.h"
#include "reporting/control_fold.h"

namespace tamroi::verify {

// What a pack's streams have come to.
struct Replayed {
  std::uint64_t records = 0;
  std::uint64_t facts = 0;     // versions of them
  std::uint64_t earlier = 0;   // outcomes of an earlier version of the fold, of which the verdicts were compared
  reporting::Published published;
  std::map<std::string, catalogue::Bundle> catalogues;  // by round, as last published
  // By round and province, where the round is open.
  std::map<std::string, std::map<std::string, std::shared_ptr<const answer::PublishedRound>>> rounds;
};

// Folds every stream of a proven pack from its beginning, and compares each outcome with the one that was published, byte for
// byte, and each copy of a control with the control.
[[nodiscard]] std::expected<Replayed, audit::Difference> replay(const audit::ProvenPack& pack);

// Compares the results and the catalogues in the pack with what it has come to.
[[nodiscard]] std::expected<void, audit::Difference> check_results(const audit::ProvenPack& pack, const Replayed& replayed, std::string_view results);
[[nodiscard]] std::expected<void, audit::Difference> check_catalogues(const audit::PackFolder& folder, const Replayed& replayed);

// What results.json of a pack holds; for whoever writes one out of its streams, and for tests.
[[nodiscard]] std::string results_of(const audit::ProvenPack& pack, const Replayed& replayed);

}  // namespace tamroi::verify
