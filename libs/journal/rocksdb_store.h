#pragma once

#include <memory>
#include <string>

#include "journal/store.h"

namespace tamroi::journal {

// A RocksDB database in `directory`, created when absent; its keys are described in KEYS.md.
[[nodiscard]] std::unique_ptr<Store> open_rocksdb_store(const std::string& directory, const JournalOptions& options = {});

}  // namespace tamroi::journal
