#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "catalogue/plan.h"
#include "reporting/entry.h"
#include "reporting/problems.h"
#include "scoring/fact.h"

namespace tamroi::reporting {

// A fact's values, decoded; those that had a problem are not present. Used again from fact to fact.
struct Values {
  std::vector<scoring::FieldValue> fields;  // by field of the type
  std::vector<bool> clean;                  // by field: absent where allowed, or well-formed
};

// Checks the `values` member of an entry against its fact type and decodes it; every problem at once
// (facts.md, sections 1 and 2). `province` is the submitting unit's province.
void read_values(const catalogue::Plan& plan, const catalogue::FactType& type, std::string_view province, const Entry& entry,
                 Values& read, Problems& problems);
// The same for values known to be valid: those of a fact already recorded.
[[nodiscard]] std::vector<scoring::FieldValue> decode_values(const catalogue::Plan& plan, const catalogue::FactType& type,
                                                             base::JsonValue values);

// The members that a text, an entity's name and a sum of money consist of.
[[nodiscard]] bool is_text(base::JsonValue value);
[[nodiscard]] bool is_entity_name(std::string_view text);
// Satang; nothing where the text is no amount of baht up to 10^12.
[[nodiscard]] std::optional<std::int64_t> parse_money(std::string_view text);

}  // namespace tamroi::reporting
