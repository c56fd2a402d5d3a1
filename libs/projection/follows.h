#pragma once

#include <algorithm>
#include <set>
#include <string_view>
#include <utility>

#include "catalogue/units.h"
#include "event/record.h"

namespace tamroi::projection {

// Which provinces a node follows: those that are named, or all where none is.
class Follows {
 public:
  Follows() = default;
  explicit Follows(std::set<event::Stream> named) : named_(std::move(named)) {}

  [[nodiscard]] bool all() const { return named_.empty(); }
  [[nodiscard]] bool has(event::Stream province) const { return all() || named_.contains(province); }
  // Of a unit its province, of one that is merged every province in it.
  [[nodiscard]] bool has(const catalogue::Units& units, std::string_view unit) const {
    const auto stream = [](const catalogue::Unit& province) { return event::parse_stream(province.code).value(); };
    if (all()) return true;
    if (const auto* own = units.province_of(unit)) return has(stream(*own));
    return std::ranges::all_of(units.all(), [&](const auto& each) {
      return each.level != catalogue::Level::Province || !units.within(each.code, unit) || has(stream(each));
    });
  }
  bool operator==(const Follows&) const = default;

 private:
  std::set<event::Stream> named_;
};

inline constexpr const char* not_followed = "This server does not follow that province; ask one that does.";

}  // namespace tamroi::projection
