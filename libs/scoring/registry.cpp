#include "scoring/registry.h"

#include <utility>

namespace tamroi::scoring {

std::optional<std::size_t> Registry::find(std::string_view name) const {
  const auto* place = by_name_.find(std::hash<std::string_view>{}(name), [&](std::uint32_t i) { return names_[i] == name; });
  if (place == nullptr) return std::nullopt;
  return *place;
}

std::size_t Registry::place(std::string_view name) {
  if (const auto found = find(name)) return *found;
  const std::size_t i = members_.size();
  const auto& kept = names_.emplace_back(name);
  if (kept.capacity() > std::string().capacity()) long_names_bytes_ += kept.capacity() + 1;
  by_name_.add(std::hash<std::string_view>{}(name), static_cast<std::uint32_t>(i));
  members_.emplace_back();
  cells_.resize(members_.size());
  return i;
}

std::size_t Registry::bytes() const {
  return names_.capacity() * sizeof(std::string) + long_names_bytes_ + by_name_.bytes() + members_.capacity() * sizeof(Member) +
         marked_.capacity() * sizeof(marked_.front()) + cells_.bytes();
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
