#include "base/problem.h"

#include <array>

namespace tamroi::base {

namespace {

constexpr std::array<std::string_view, 31> words = {
    "malformed",      "too_large",       "unknown_unit",    "not_permitted",  "personal_data",
    "missing_field",  "unknown_field",   "bad_value",       "unknown_round",  "round_not_open",
    "version_conflict", "reason_required", "id_reused",     "unknown_type",   "wrong_level",
    "outside_round",  "in_the_future",   "duplicate_fact",  "unknown_fact",   "withdrawn_fact",
    "unknown_entity", "entity_exists",   "entity_in_use",   "out_of_order",   "unauthorized",
    "not_found",      "method_not_allowed", "expectation_failed", "too_many_requests", "unavailable",
    "not_followed"};

}  // namespace

std::string_view to_string(Code code) { return words.at(static_cast<std::size_t>(code)); }

std::span<const std::string_view> code_words() { return words; }

}  // namespace tamroi::base
