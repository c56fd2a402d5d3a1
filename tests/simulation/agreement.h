#pragma once

#include "reporting/memory_store.h"
#include "reporting/round_state.h"
#include "simulation/model.h"
#include "simulation/reader.h"

namespace tamroi::simulation {

// How high the results were, to see that histories get anywhere: (indicator, revision, level) to how often.
using Heights = std::map<std::tuple<std::uint32_t, std::uint32_t, std::uint32_t>, std::size_t>;

// Holds everything that the fold says of a round against the twin's recomputation and the model: figures, evidence,
// targets, judgements and standings as published and as current, explanations and points under every revision,
// what is lacking, facts and versions. Throws Mismatch.
void require_agreement(const reporting::RoundState& state, reporting::MemoryStore& store, const Model& model,
                       const Reader& reader, Heights& heights);

}  // namespace tamroi::simulation
