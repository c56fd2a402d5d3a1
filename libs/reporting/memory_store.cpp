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
  const auto found = facts_.find({round, id});
  if (found == facts_.end()) return std::nullopt;
  return found->second.back();
}

void MemoryStore::put(const std::string& round, FactVersion version) {
  facts_[{round, version.id}].push_back(std::move(version));
}

void MemoryStore::for_each_live(const std::string& round, const std::function<void(const FactVersion&)>& visit) {
  std::map<std::uint64_t, const FactVersion*> live;
  for (const auto& [key, versions] : facts_) {
    if (key.first == round && versions.back().live) live.emplace(versions.back().number, &versions.back());
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
  for (const auto& [key, versions] : facts_) {
    if (key.first == round) all.insert(all.end(), versions.begin(), versions.end());
  }
  std::ranges::sort(all, {}, [](const FactVersion& v) { return std::tuple(v.number, v.written, v.live); });
  return all;
}

}  // namespace tamroi::reporting
