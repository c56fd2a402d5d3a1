#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "event/record.h"

namespace tamroi::feed {

// How far a reader has come: the first `ordinal` events of the ledger's entry `index`, and everything before it. Good on
// any node and for ever, since the ledger's order is.
struct Cursor {
  event::Offset index = 0;
  std::uint32_t ordinal = 0;
  auto operator<=>(const Cursor&) const = default;
};

[[nodiscard]] std::string to_string(const Cursor& cursor);  // 1234.2
[[nodiscard]] std::optional<Cursor> parse_cursor(std::string_view text);

}  // namespace tamroi::feed
