#pragma once

#include <string>
#include <vector>

#include "scenarios/scenario.h"
#include "scenarios/world.h"

namespace tamroi::scenarios {

// What was expected and not so, each a sentence "expected …, actual …"; empty when all holds.
using Complaints = std::vector<std::string>;

// `first` is the answer to the same id before, for `repeat`.
[[nodiscard]] Complaints check_verdict(const ExpectVerdict& expected, const Reply& reply, const Reply* first);
[[nodiscard]] Complaints check_claims(const ExpectResult& expected, const std::string& round, World& world);
// A control's answer names no changes, since it has some in every province: they are looked for in the history.
[[nodiscard]] Complaints check_change(const ExpectChange& expected, const Reply& reply, const std::string& round,
                                      World& world);
[[nodiscard]] Complaints check_fact(const ExpectFact& expected, const std::string& id, const std::string& round,
                                    World& world);
[[nodiscard]] Complaints check_because(const Because& expected, const std::string& round, World& world);
[[nodiscard]] Complaints check_lacks(const Lacks& expected, const std::string& round, World& world);

}  // namespace tamroi::scenarios
