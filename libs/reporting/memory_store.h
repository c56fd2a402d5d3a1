#pragma once

#include <map>
#include <memory>
#include <unordered_map>
#include <utility>
#include <vector>

#include <boost/container/deque.hpp>

#include "base/hash_index.h"
#include "base/text_arena.h"
#include "reporting/store.h"

namespace tamroi::reporting {

// A Store in memory: for the pure runner, tests, and small provinces.
class MemoryStore final : public Store {
 public:
  // Gives the body of the record at an offset.
  explicit MemoryStore(std::function<std::string(event::Offset)> body) : body_(std::move(body)) {}

  void insert(const scoring::LatestCell& cell, const scoring::Latest& fact) override;
  void erase(const scoring::LatestCell& cell, const scoring::Latest& fact) override;
  [[nodiscard]] scoring::Latest newest(const scoring::LatestCell& cell) override;
  void clear(const std::string& round) override;
  void prefetch(const std::string& round, std::span<const base::Uuid> ids) override;
  [[nodiscard]] std::optional<FactVersion> fact(const std::string& round, const base::Uuid& id) override;
  void put(const std::string& round, const FactVersion& version) override;
  void for_each_live(const std::string& round, const std::function<void(const FactVersion&)>& visit) override;
  [[nodiscard]] std::optional<event::Offset> first_of(const base::Uuid& id) override;
  void put_first(const base::Uuid& id, event::Offset offset) override;
  [[nodiscard]] std::string body(event::Offset offset) override { return body_(offset); }
  // Every version of every fact of a round, by number, then in the order of writing; valid as long as the store.
  [[nodiscard]] std::vector<FactVersion> versions(const std::string& round) const;
  // The same by id, then in the order of writing.
  [[nodiscard]] std::vector<const FactVersion*> by_id(const std::string& round) const;
  // How many versions of facts there are, in all rounds.
  [[nodiscard]] std::size_t size() const;
  // The rounds that have facts, in order.
  [[nodiscard]] std::vector<std::string> rounds() const;
  // Every live fact of a latest cell: cells in order, the facts of each newest first.
  void for_each_latest(const std::function<void(const scoring::LatestCell&, const scoring::Latest&)>& visit) const;
  // In no order.
  [[nodiscard]] const std::unordered_map<base::Uuid, event::Offset>& firsts() const { return first_; }

 private:
  using Order = std::tuple<base::Date, scoring::RecordedAt>;
  std::function<std::string(event::Offset)> body_;
  using Cell = std::tuple<catalogue::Index, std::string, std::uint32_t>;
  std::map<std::string, std::map<Cell, std::map<Order, scoring::Latest>>, std::less<>> latest_;  // by round
  // Every version of a round in the order of writing, and the newest of each fact.
  struct Facts {
    boost::container::deque<FactVersion, void, boost::container::deque_options_t<boost::container::block_size<1024U>>> versions;
    base::HashIndex newest;  // in versions, by id
    [[nodiscard]] const FactVersion* find(const base::Uuid& id) const;
  };
  std::map<std::string, Facts, std::less<>> facts_;  // by round
  base::TextArena texts_{std::size_t{1} << 20};      // that versions borrow
  std::unordered_map<base::Uuid, event::Offset> first_;
};

}  // namespace tamroi::reporting
