#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "base/time.h"
#include "catalogue/plan.h"

namespace tamroi::scoring {

// One decoded member of a fact's values; numbers and masks as catalogue::Field says.
struct FieldValue {
  bool present = false;
  std::uint32_t member = catalogue::none;  // of an entity: its place in its register, where that is known already
  std::int64_t number = 0;
  std::uint64_t mask = 0;
  std::string_view text;  // of an entity, its name
};

// Where a fact was recorded: decides between two of one date, and does not move with a correction.
struct RecordedAt {
  std::uint64_t offset = 0;
  std::uint32_t entry = 0;
  auto operator<=>(const RecordedAt&) const = default;
};

// A live fact as the measures see it; `unit` counts within the province: 0 itself, then its districts.
struct Fact {
  catalogue::Index type = catalogue::none;
  std::size_t unit = 0;
  base::Date occurred_on{};
  RecordedAt recorded{};
  std::span<const FieldValue> values;  // by field of the type
};

// Whether all conditions hold for the fact.
[[nodiscard]] bool matches(const catalogue::Where& where, const Fact& fact);

}  // namespace tamroi::scoring
