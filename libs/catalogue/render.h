#pragma once

#include <string>

#include "catalogue/plan.h"

namespace tamroi::catalogue {

// What a part of a plan means, as text: with names instead of indexes and without the texts that people
// read, so that two plans can be compared.
[[nodiscard]] std::string render(const Plan& plan, const Field& field);
// All but its indicator fields' numbers, which new indicators extend, and but the fields themselves.
[[nodiscard]] std::string render_rules(const Plan& plan, const FactType& type);
[[nodiscard]] std::string render(const Plan& plan, const Measure& measure);
[[nodiscard]] std::string render(const Plan& plan, const Criterion& criterion);
[[nodiscard]] std::string render(const Plan& plan, const Requirement& requirement);
[[nodiscard]] std::string render(const Plan& plan, const PointsPart& part);
[[nodiscard]] std::string render(const Plan& plan, const JudgementBinding& binding);
[[nodiscard]] std::string render(const Plan& plan, const EvidenceBinding& binding);

}  // namespace tamroi::catalogue
