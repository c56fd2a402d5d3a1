#pragma once

#include <array>
#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include <rocksdb/db.h>
#include <rocksdb/write_batch.h>

#include "readmodel/read_model.h"

namespace tamroi::readmodel {

// The column families, in the order in which they are opened; see KEYS.md.
enum class Family : std::uint8_t { State, Facts, EarlierFacts, Latest, Submissions, Records, Outcomes, History, Changes, Ledger, Digests, Tree, OwnHistory, Sent };
inline constexpr std::size_t families = 14;

// The RocksDB database under a read model, opened and closed as one.
class Database {
 public:
  Database(std::string directory, const ReadModelOptions& options);
  // Whether what is in the directory, if anything, was written under this layout, by this version of the fold.
  [[nodiscard]] static bool fits(const std::string& directory);
  [[nodiscard]] static std::string layout_name();
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  [[nodiscard]] rocksdb::DB& db() { return *db_; }
  [[nodiscard]] rocksdb::ColumnFamilyHandle* of(Family family) const { return opened_.at(static_cast<std::size_t>(family)); }
  // False where there is no such row.
  [[nodiscard]] bool get(Family family, const std::string& key, std::string& value);
  [[nodiscard]] std::unique_ptr<rocksdb::Iterator> iterator(Family family);
  void write(rocksdb::WriteBatch& batch);
  void copy_to(const std::string& directory);
  // A number that RocksDB tells of itself: of all families together, or one that is the same in each; 0 if it cannot.
  [[nodiscard]] std::uint64_t property(const std::string& name);
  [[nodiscard]] std::uint64_t property_of_one(const std::string& name);
  // Throws ReadModelUnavailable unless it is ok, ReadModelDamaged where that is why.
  void require(const rocksdb::Status& status) const;

 private:
  void open(const ReadModelOptions& options);
  void close();
  // Throws ReadModelDamaged where a log that some family needed is gone or was cut.
  void require_all_commits();

  std::string directory_;
  std::vector<rocksdb::ColumnFamilyHandle*> opened_;
  std::unique_ptr<rocksdb::DB> db_;
  std::mutex commits_mutex_;
  std::uint64_t commits_ = 0;
  std::atomic<bool> failed_ = false;  // a write; what became of it, an opening tells
};

// How a family is kept, in the database and in the tables that are made for it.
[[nodiscard]] rocksdb::ColumnFamilyOptions family_options(Family family, const std::shared_ptr<rocksdb::Cache>& cache);
[[nodiscard]] std::string_view name_of(Family family);

}  // namespace tamroi::readmodel
