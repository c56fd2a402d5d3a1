#include "scoring/registry.h"

#include <utility>

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

void Registry::mark(std::size_t i) {
  if (std::exchange(members_[i].marked, true)) return;
  marked_.push_back(i);
}

std::vector<std::size_t> Registry::take_marked() {
  for (const auto i : marked_) members_[i].marked = false;
  return std::exchange(marked_, {});
}

}  // namespace tamroi::scoring
