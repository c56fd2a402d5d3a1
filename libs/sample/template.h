#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "catalogue/plan.h"

namespace tamroi::sample {

using catalogue::Index;
using catalogue::none;

// Both inclusive. A share is in hundredths of a percent.
struct Range {
  std::int64_t low = 0;
  std::int64_t high = 0;
  bool operator==(const Range&) const = default;
};
inline constexpr std::int64_t whole = 10'000;  // 100 %

// A number, a range or a share; or the setting that says it for each unit.
struct Quantity {
  Range value = {};
  Index setting = none;
};

// A part of a text: itself, or what stands in its place.
struct Piece {
  enum class What : std::uint8_t { Text, Unit, Province, Member, Word, Number, Month, Date, Digits };
  What what = What::Text;
  std::string text = {};
  std::uint32_t width = 0;  // Number: at least so many digits; Digits: so many
};

// A JSON value in the making (README.md of schemas/sample).
struct Template {
  enum class Kind : std::uint8_t {
    Text,        // pieces
    Literal,     // text: a number or boolean as written
    Object,      // items by key; what is not drawn is left out
    List,        // items
    OneOf,       // of the items, by weight
    SomeOf,      // of the items, each with a chance of `quantity`, one at least
    Number,      // of `quantity`
    Money,       // of the trait, in satang, grown by the share `quantity`
    Hex,         // so many digits
    Trait,       // of the member
    OneOfTrait,  // an element of the set that the member's trait is
    Part,        // the first item for a share of the members, exact but for rounding; the second, if any, for the rest
    Chance,      // the same, but each time anew
  };
  Kind kind = Kind::Text;
  std::string key = {};     // as a member of an object
  std::string text = {};
  std::vector<Piece> pieces = {};
  std::vector<Template> items = {};
  std::vector<std::uint32_t> weights = {};  // of the items; empty: all alike
  Quantity quantity = {};
  Index trait = none;
};

}  // namespace tamroi::sample
