#include "memory/budget.h"

#include <rocksdb/cache.h>
#include <rocksdb/write_buffer_manager.h>

namespace tamroi::memory {

Budget::Budget(const BudgetLimits& limits)
    : limits_(limits),
      cache_(rocksdb::NewLRUCache(limits.bytes)),
      buffers_(std::make_shared<rocksdb::WriteBufferManager>(limits.buffer_bytes, cache_)) {}

BudgetUse Budget::use() const {
  // Buffers have their place in the cache as pinned entries that hold nothing.
  const auto reserved = buffers_->dummy_entries_in_cache_usage();
  const auto without = [&](std::size_t bytes) { return bytes > reserved ? bytes - reserved : 0; };
  return {.block_bytes = without(cache_->GetUsage()), .pinned_bytes = without(cache_->GetPinnedUsage()), .buffer_bytes = buffers_->memory_usage()};
}

}  // namespace tamroi::memory
