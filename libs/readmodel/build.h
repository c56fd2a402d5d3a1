#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>

#include "readmodel/read_model.h"
#include "reporting/memory_store.h"

namespace tamroi::readmodel {

// One stream's rows, as sorted tables. What was not finished is gone; what was is durable.
//
// Threads: one at a time; the tables of two streams may be written at the same time.
// Errors:  throws ReadModelUnavailable.
class StreamTables {
 public:
  StreamTables() = default;
  StreamTables(const StreamTables&) = delete;
  StreamTables& operator=(const StreamTables&) = delete;
  virtual ~StreamTables() = default;

  // In the order of the offsets. `published`: the ledger has its outcome, and it is the same.
  virtual void add(const Step& step, bool published) = 0;
  // `entries` are the stream's in the ledger as far as it was read, from offset 0. A province's fold and facts come
  // with it, the control stream's do not: it is folded anew at each start.
  virtual void finish(std::span<const Published> entries, reporting::ProvinceFold* fold, const reporting::MemoryStore* store) = 0;
};

// Makes a generation of the read model from nothing: tables of each stream, then all of them at once into an empty
// database. Goes on where an earlier build of the same generation was interrupted.
class Build {
 public:
  // `directory` is the generation's, `tables` that of its tables meanwhile.
  Build(std::string directory, std::string tables, ReadModelOptions options = {});

  // The ledger was read up to here when the stream's tables were finished; nothing where they are not.
  [[nodiscard]] std::optional<event::Offset> finished(event::Stream stream) const;
  [[nodiscard]] std::unique_ptr<StreamTables> stream(event::Stream stream, event::Offset ledger_until);
  // Puts the tables of these streams into the database, with the tree over as many entries of the ledger as there are leaves:
  // from there on it is to be seen again.
  void finish(std::span<const event::Stream> streams, std::span<const audit::Hash> leaves);

 private:
  std::string directory_;
  std::string tables_;
  ReadModelOptions options_;
};

}  // namespace tamroi::readmodel
