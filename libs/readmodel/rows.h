#pragma once

#include <string>
#include <string_view>

#include <rocksdb/write_batch.h>

#include "readmodel/database.h"

namespace tamroi::readmodel {

// Takes rows as KEYS.md describes them.
class Rows {
 public:
  Rows() = default;
  Rows(const Rows&) = delete;
  Rows& operator=(const Rows&) = delete;
  virtual ~Rows() = default;
  virtual void put(Family family, std::string_view key, std::string_view value) = 0;
};

// Adds them to a batch of writes.
class BatchedRows final : public Rows {
 public:
  BatchedRows(Database& database, rocksdb::WriteBatch& batch) : database_(database), batch_(batch) {}
  void put(Family family, std::string_view key, std::string_view value) override {
    database_.require(batch_.Put(database_.of(family), rocksdb::Slice(key.data(), key.size()), rocksdb::Slice(value.data(), value.size())));
  }

 private:
  Database& database_;
  rocksdb::WriteBatch& batch_;
};

}  // namespace tamroi::readmodel
