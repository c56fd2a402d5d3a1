#include "reporting/memory_store.h"

#include <algorithm>

#include "base/check.h"

namespace tamroi::reporting {

void MemoryStore::insert(const scoring::LatestCell& cell, const scoring::Latest& fact) {
  auto& order = latest_[std::string(cell.round)][Cell{cell.term, cell.owner, cell.cell}];
  CHECK(order.emplace(Order{fact.occurred_on, fact.recorded}, fact).second);
}

void MemoryStore::erase(const scoring::LatestCell& cell, const scoring::Latest& fact) {
  auto& order = latest_[std::string(cell.round)][Cell{cell.term, cell.owner, cell.cell}];
  CHECK(order.erase(Order{fact.occurred_on, fact.recorded}) == 1);
}

scoring::Latest MemoryStore::newest(const scoring::LatestCell& cell) {
  const auto round = latest_.find(cell.round);
  if (round == latest_.end()) return {};
  const auto found = round->second.find(Cell{cell.term, cell.owner, cell.cell});
  if (found == round->second.end() || found->second.empty()) return {};
  return found->second.rbegin()->second;
}

void MemoryStore::clear(const std::string& round) { latest_.erase(round); }

std::optional<FactVersion> MemoryStore::fact(const std::string& round, const base::Uuid& id) {
  const auto facts = facts_.find(round);
  const auto* found = facts == facts_.end() ? nullptr : facts->second.find(id);
  if (found == nullptr) return std::nullopt;
  return *found;
}

const FactVersion* MemoryStore::Facts::find(const base::Uuid& id) const {
  const auto* place = newest.find(std::hash<base::Uuid>{}(id), [&](std::uint32_t i) { return versions[i].id == id; });
  return place == nullptr ? nullptr : &versions[*place];
}

void MemoryStore::prefetch(const std::string& round, std::span<const base::Uuid> ids) {
  const auto& newest = facts_[round].newest;
  for (const auto& id : ids) newest.prefetch(std::hash<base::Uuid>{}(id));
}

void MemoryStore::put(const std::string& round, const FactVersion& version) {
  auto& facts = facts_[round];
  const auto place = static_cast<std::uint32_t>(facts.versions.size());
  auto& kept = facts.versions.emplace_back(version);
  const char* text = texts_.keep({version.type, version.unit, version.values}).data();
  for (auto* borrowed : {&kept.type, &kept.unit, &kept.values}) {
    *borrowed = {text, borrowed->size()};
    text += borrowed->size();
  }
  const auto hash = std::hash<base::Uuid>{}(version.id);
  const auto same = [&](std::uint32_t i) { return facts.versions[i].id == version.id; };
  if (auto* newest = facts.newest.find(hash, same)) {
    *newest = place;
  } else {
    facts.newest.add(hash, place);
  }
}

void MemoryStore::for_each_live(const std::string& round, const std::function<void(const FactVersion&)>& visit) {
  const auto all = versions(round);
  for (std::size_t i = 0; i < all.size(); ++i) {
    const bool newest = i + 1 == all.size() || all[i + 1].number != all[i].number;
    if (newest && all[i].live) visit(all[i]);
  }
}

std::size_t MemoryStore::size() const {
  std::size_t sum = 0;
  for (const auto& [name, facts] : facts_) sum += facts.versions.size();
  return sum;
}

std::vector<std::string> MemoryStore::rounds() const {
  std::vector<std::string> names;
  for (const auto& [name, facts] : facts_) names.push_back(name);
  return names;
}

void MemoryStore::for_each_latest(const std::function<void(const scoring::LatestCell&, const scoring::Latest&)>& visit) const {
  for (const auto& [round, cells] : latest_) {
    for (const auto& [cell, facts] : cells) {
      const auto& [term, owner, number] = cell;
      for (auto fact = facts.rbegin(); fact != facts.rend(); ++fact) visit({round, term, owner, number}, fact->second);
    }
  }
}

std::optional<event::Offset> MemoryStore::first_of(const base::Uuid& id) {
  const auto found = first_.find(id);
  if (found == first_.end()) return std::nullopt;
  return found->second;
}

void MemoryStore::put_first(const base::Uuid& id, event::Offset offset) { CHECK(first_.emplace(id, offset).second); }

// Sorts what lies side by side; following a pointer to each id would cost more than the sorting.
std::vector<const FactVersion*> MemoryStore::by_id(const std::string& round) const {
  const auto found = facts_.find(round);
  if (found == facts_.end()) return {};
  const auto& versions = found->second.versions;
  std::vector<std::pair<base::Uuid, std::uint32_t>> order;
  order.reserve(versions.size());
  for (const auto& version : versions) order.emplace_back(version.id, static_cast<std::uint32_t>(order.size()));
  std::ranges::sort(order);
  std::vector<const FactVersion*> all;
  all.reserve(order.size());
  for (const auto& [id, place] : order) all.push_back(&versions[place]);
  return all;
}

std::vector<FactVersion> MemoryStore::versions(const std::string& round) const {
  std::vector<FactVersion> all;
  const auto found = facts_.find(round);
  if (found == facts_.end()) return all;
  const auto& versions = found->second.versions;
  std::vector<std::pair<std::uint64_t, std::size_t>> order;  // number, then as written
  for (std::size_t i = 0; i < versions.size(); ++i) order.emplace_back(versions[i].number, i);
  std::ranges::sort(order);
  for (const auto& [number, i] : order) all.push_back(versions[i]);
  return all;
}

}  // namespace tamroi::reporting
