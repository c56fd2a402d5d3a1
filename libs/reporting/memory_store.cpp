#include "reporting/memory_store.h"

#include <algorithm>

#include <fmt/format.h>

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
  const auto& newest = facts_[round].newest;
  const auto found = newest.find(id);
  if (found == newest.end()) return std::nullopt;
  return *found->second;
}

void MemoryStore::put(const std::string& round, const FactVersion& version) {
  auto& facts = facts_[round];
  auto& kept = facts.versions.emplace_back(version);
  const std::string_view text = texts_.emplace_back(fmt::format("{}{}{}", version.type, version.unit, version.values));
  kept.type = text.substr(0, version.type.size());
  kept.unit = text.substr(version.type.size(), version.unit.size());
  kept.values = text.substr(version.type.size() + version.unit.size());
  facts.newest[version.id] = &kept;
}

void MemoryStore::for_each_live(const std::string& round, const std::function<void(const FactVersion&)>& visit) {
  std::map<std::uint64_t, const FactVersion*> live;
  for (const auto& [id, version] : facts_[round].newest) {
    if (version->live) live.emplace(version->number, version);
  }
  for (const auto& [number, version] : live) visit(*version);
}

std::optional<event::Offset> MemoryStore::first_of(const base::Uuid& id) {
  const auto found = first_.find(id);
  if (found == first_.end()) return std::nullopt;
  return found->second;
}

void MemoryStore::put_first(const base::Uuid& id, event::Offset offset) { CHECK(first_.emplace(id, offset).second); }

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
