#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

namespace rocksdb {
class Cache;
class WriteBufferManager;
}  // namespace rocksdb

namespace tamroi::memory {

struct BudgetLimits {
  std::size_t bytes = std::size_t{768} << 20;         // of blocks, filters, indexes and buffers together
  std::size_t buffer_bytes = std::size_t{384} << 20;  // of them, at most for what is not yet in tables
  bool operator==(const BudgetLimits&) const = default;
};

// What is taken of it.
struct BudgetUse {
  std::uint64_t block_bytes = 0;   // blocks, filters and indexes
  std::uint64_t pinned_bytes = 0;  // of them, in use just now or kept for good
  std::uint64_t buffer_bytes = 0;
};

// The memory of all databases of this process: the journal, the read model, and one that takes its place. What one does
// not need another has. Buffers lie in the cache's share, so that one number bounds everything.
//
// Threads: any.
// Limits:  blocks in use and buffers that are being written may go beyond it for a moment; nothing waits for room.
class Budget {
 public:
  explicit Budget(const BudgetLimits& limits = {});

  [[nodiscard]] const std::shared_ptr<rocksdb::Cache>& cache() const { return cache_; }
  [[nodiscard]] const std::shared_ptr<rocksdb::WriteBufferManager>& buffers() const { return buffers_; }
  [[nodiscard]] BudgetUse use() const;
  [[nodiscard]] const BudgetLimits& limits() const { return limits_; }

 private:
  const BudgetLimits limits_;
  std::shared_ptr<rocksdb::Cache> cache_;
  std::shared_ptr<rocksdb::WriteBufferManager> buffers_;
};

}  // namespace tamroi::memory
