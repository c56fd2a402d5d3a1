#pragma once

#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/bytes.h"
#include "base/hash_index.h"
#include "base/text_arena.h"
#include "readmodel/database.h"

namespace tamroi::readmodel {

// A province's model over the shared database: what was put since the last commit lies in a batch of writes, and in
// memory as far as it may be asked for.
class RocksdbStream final : public StreamModel {
 public:
  RocksdbStream(Database& database, event::Stream stream, std::function<std::string(event::Offset)> body)
      : database_(database), stream_(stream), body_(std::move(body)) {}

  event::Offset load(reporting::ProvinceFold& fold) override;
  void commit(reporting::ProvinceFold& fold, std::span<const Step> steps) override;
  void forget() override;

  void insert(const scoring::LatestCell& cell, const scoring::Latest& fact) override;
  void erase(const scoring::LatestCell& cell, const scoring::Latest& fact) override;
  scoring::Latest newest(const scoring::LatestCell& cell) override;
  void clear(const std::string& round) override;

  void prefetch(const std::string& round, std::span<const base::Uuid> ids) override;
  std::optional<reporting::FactVersion> fact(const std::string& round, const base::Uuid& id) override;
  void put(const std::string& round, const reporting::FactVersion& version) override;
  void for_each_live(const std::string& round, const std::function<void(const reporting::FactVersion&)>& visit) override;
  std::optional<event::Offset> first_of(const base::Uuid& id) override;
  void put_first(const base::Uuid& id, event::Offset offset) override;
  std::string body(event::Offset offset) override { return body_(offset); }

 private:
  // Rows of facts by id, in the order in which they came.
  struct FactRows {
    using Row = std::pair<base::Uuid, std::string_view>;  // without text: there is no such fact
    std::vector<Row> rows;
    base::HashIndex places;
    [[nodiscard]] Row* find(const base::Uuid& id);
    void put(const base::Uuid& id, std::string_view row);
    void clear();
  };

  // The row of the newest version; empty where there is no such fact.
  [[nodiscard]] std::string_view row_of(const std::string& round, const base::Uuid& id);
  void read_facts(const std::string& round, std::span<const base::Uuid> ids);
  void write_facts();
  void write_latest();

  Database& database_;
  const event::Stream stream_;
  const std::function<std::string(event::Offset)> body_;
  rocksdb::WriteBatch batch_;

  std::map<std::string, FactRows, std::less<>> facts_;   // by round: the newest version of each that was put since the last commit
  base::TextArena put_texts_{std::size_t{128} << 10};    // their rows, which versions borrow from
  FactRows read_;                                        // since the last prefetch
  base::TextArena read_texts_{std::size_t{16} << 10};
  base::ByteWriter row_;  // being written; kept for its memory
  std::unordered_map<base::Uuid, event::Offset> first_;
  std::map<std::string, std::optional<std::int64_t>, std::less<>> latest_;  // by key; no value: erased
  std::vector<std::string> cleared_;                                        // prefixes of latest cells
};

}  // namespace tamroi::readmodel
