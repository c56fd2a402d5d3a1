#include "journal/group_commit_journal.h"
#include "journal/rocksdb_store.h"

namespace tamroi::journal {

std::unique_ptr<Journal> open_rocksdb_journal(const std::string& directory) {
  return std::make_unique<GroupCommitJournal>([directory] { return open_rocksdb_store(directory); });
}

}  // namespace tamroi::journal
