#include "journal/group_commit_journal.h"
#include "journal/rocksdb_store.h"

namespace tamroi::journal {

std::unique_ptr<Journal> open_rocksdb_journal(const std::string& directory, const JournalOptions& options) {
  return std::make_unique<GroupCommitJournal>([directory, options] { return open_rocksdb_store(directory, options); }, options.queue,
                                              options.metrics, options.log);
}

}  // namespace tamroi::journal
