#include "scoring/registry.h"

namespace tamroi::scoring {

std::optional<std::size_t> Registry::find(std::string_view name) const {
  const auto found = by_name_.find(name);
  if (found == by_name_.end()) return std::nullopt;
  return found->second;
}

std::size_t Registry::place(std::string_view name) {
  if (const auto found = find(name)) return *found;
  const std::size_t i = members_.size();
  names_.emplace_back(name);
  by_name_.emplace(names_.back(), i);
  members_.emplace_back();
  cells_.resize(members_.size());
  return i;
}

}  // namespace tamroi::scoring
