#pragma once

#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "catalogue/plan.h"
#include "catalogue/read.h"

namespace tamroi::catalogue {

// A plan in the making, with the lines that its linter points at.
struct Draft {
  Plan plan;
  std::vector<std::uint32_t> indicator_numbers;  // of all files, ascending, before the indicators are read
  std::vector<std::size_t> measure_lines;        // beside Plan::measures
  std::vector<std::pair<std::string, std::size_t>> table_places;  // file and line, beside Plan::tables
  std::map<std::tuple<std::uint32_t, std::uint32_t, std::uint32_t>, std::size_t> level_lines;
  // of indicator, revision, level
};

// One function for each kind of file; all report what is wrong and go on.
void read_words(const Value& file, Reporter& reporter, Plan& plan);
void read_facts(const Value& file, Reporter& reporter, Draft& draft);
void read_round(const Value& file, Reporter& reporter, Plan& plan);
void read_disputes(const Value& file, Reporter& reporter, Plan& plan);
// In this order for all indicators: what it is and which requirements a fact may name; its measures; its
// ladders with their hidden measures.
void read_indicator(const Value& file, Reporter& reporter, Draft& draft);
void read_measures(const Value& file, Reporter& reporter, Draft& draft, Index indicator);
void read_ladders(const Value& file, Reporter& reporter, Draft& draft, Index indicator);

// The evidence requirements of a file, per level 1 to 5; the same under every revision.
[[nodiscard]] std::vector<std::vector<Requirement>> read_evidence(const Value& file, Reporter& reporter, Draft& draft,
                                                                  Index indicator);
void read_bands(const Value& file, Reporter& reporter, Draft& draft);
[[nodiscard]] Index read_measure_name(const Value* value, const Plan& plan, Index indicator, Reporter& reporter);
[[nodiscard]] Needed read_needed(const Value* value, Index measure, Index indicator, const Plan& plan,
                                 Reporter& reporter);

// A value that a field can be compared with, as in Condition::number.
[[nodiscard]] std::optional<std::int64_t> read_number(const Value* value, const Field& field, const Plan& plan,
                                                      Reporter& reporter);
[[nodiscard]] Where read_where(const Value* value, Index fact, const Plan& plan, Reporter& reporter);
// {from, to} as a condition on the date.
void read_within(const Value* value, Where& where, Reporter& reporter);

// Reads one measure, the member of `body` that says how; `measure` brings its name, label and indicator.
[[nodiscard]] Index read_measure(const Value& body, bool labelled, Measure measure, Draft& draft, Reporter& reporter);
[[nodiscard]] Index add_measure(Measure measure, std::size_t line, Draft& draft);
[[nodiscard]] bool is_share(const Measure& measure);

// What is allowed but looks wrong.
void lint(const Draft& draft, std::vector<Finding>& findings);

}  // namespace tamroi::catalogue
