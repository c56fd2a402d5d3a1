#include "cli/unit_names.h"

#include <fmt/format.h>

#include "cli/reading.h"

namespace tamroi::cli {

namespace json = boost::json;

std::string name_of(const json::object& unit) {
  const auto& names = object_at(unit, "name");
  const auto thai = text_at(names, "th");
  const auto english = text_at(names, "en");
  if (thai.empty() || english.empty()) return thai + english;
  return fmt::format("{} ({})", thai, english);
}

UnitNames::UnitNames(const json::object& tree) {
  for (const auto& value : array_at(tree, "units")) {
    const auto& unit = as_object(value);
    thai_[text_at(unit, "unit")] = text_at(object_at(unit, "name"), "th");
  }
}

std::string UnitNames::named(const std::string& code) const {
  const auto found = thai_.find(code);
  return found == thai_.end() || found->second.empty() ? code : code + ' ' + found->second;
}

}  // namespace tamroi::cli
