#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "audit/tiles.h"
#include "event/ledger_entry.h"
#include "event/outcome.h"
#include "reporting/current_results.h"
#include "reporting/province_fold.h"
#include "reporting/store.h"

namespace rocksdb {
class Cache;
class WriteBufferManager;
}  // namespace rocksdb

namespace tamroi::readmodel {

// The read model could not be read or written; what a commit did is then unknown: load the fold anew.
class ReadModelUnavailable : public std::system_error {
 public:
  using std::system_error::system_error;
};

// What it holds is not as it was written, and stays so: it has to be built anew.
class ReadModelDamaged : public ReadModelUnavailable {
 public:
  using ReadModelUnavailable::ReadModelUnavailable;
};

// A record that was folded, as later readers want it: what the ledger says of it, and whose it was.
struct Folded {
  event::Leaf leaf;
  event::Actor actor;
  std::string reason;   // JSON text as sent, empty where there is none
  std::string letter;   // the same
  std::string outcome;  // its bytes; empty once the ledger has them: the entry holds them
  [[nodiscard]] event::Position position() const { return {leaf.stream, leaf.offset}; }
};

struct Step {
  Folded folded;
  event::Outcome outcome;
  std::vector<std::string> rows;        // the bytes of the outcome's history rows, in their order
  std::optional<base::Digest> digest;   // of the stream's current results after it, where one is due
  // While an earlier version of the fold counts: this version's rows, where they differ from its own before.
  std::vector<event::HistoryRow> own_rows = {};
};

// What the results of a stream were after a record.
struct Digested {
  event::Offset offset = 0;
  base::Digest digest{};
};

// Where a record's outcome stands in the ledger.
struct Published {
  event::Offset index = 0;
  base::Digest outcome_sha256{};
};

// A result at a position: after that record, inclusive.
struct ResultAt {
  event::Position at;
  std::string_view unit;
  std::uint32_t indicator = 0;
};
// Whose figures: what was published, or what this version of the fold makes of the records of an earlier one's time.
enum class Figures : std::uint8_t { Published, Own };

struct HistoryEntry {
  event::Offset offset = 0;
  event::Change change;
};

// What is derived from one province's stream: what its fold keeps outside its memory, and the saved fold itself.
//
// Invariants: a commit is whole or nothing: facts, history, outcomes, state and position together.
// Threads:    one at a time.
// Errors:     throws ReadModelUnavailable; Defect where what is stored contradicts itself.
class StreamModel : public reporting::Store {
 public:
  // Gives a new fold the state that the last commit left; the next offset to fold, 0 where there was no commit.
  [[nodiscard]] virtual event::Offset load(reporting::ProvinceFold& fold) = 0;
  // Writes what the fold put since the last commit, its changed state, and what came out.
  virtual void commit(reporting::ProvinceFold& fold, std::span<const Step> steps) = 0;
  // Drops what the fold put since the last commit. The fold is then to be loaded anew.
  virtual void forget() = 0;
};

// What a read model takes, and whether it keeps up.
struct Sizes {
  std::uint64_t table_bytes = 0;
  std::uint64_t pending_bytes = 0;  // of tables that are to be merged
  bool writes_delayed = false;      // since merging is behind
};

// Everything derived from the journal, on disk. Disposable: it can be built anew from the journal, and is when it was
// written under another layout or fold version.
//
// Threads: any; reads see whole commits only. The models of two streams may be used at the same time.
// Errors:  throws ReadModelUnavailable; Defect where what is stored contradicts itself.
class ReadModel {
 public:
  ReadModel() = default;
  ReadModel(const ReadModel&) = delete;
  ReadModel& operator=(const ReadModel&) = delete;
  virtual ~ReadModel() = default;

  // `body` gives the body of a record of the stream.
  [[nodiscard]] virtual std::unique_ptr<StreamModel> stream(event::Stream stream, std::function<std::string(event::Offset)> body) = 0;
  // The control stream's steps, whose fold is built anew at each start.
  virtual void commit_controls(std::span<const Step> steps) = 0;

  // The next offset of a stream to be folded; of the ledger and the checkpoints: the next to be seen.
  [[nodiscard]] virtual event::Offset next(event::Stream stream) = 0;
  // The next offset of a stream that the ledger has no entry of.
  [[nodiscard]] virtual event::Offset published_next(event::Stream stream) = 0;
  // Entries of the ledger from next(ledger) on, those that count; `until` is the next index to be seen.
  struct Seen {
    event::Offset index;
    event::Leaf leaf;
  };
  // `leaves` are the hashes of all entries up to there in the tree of tlog.md, of those too that do not count.
  virtual void commit_ledger(std::span<const Seen> entries, event::Offset until, std::span<const audit::Hash> leaves) = 0;
  // The hashes that a tile of the tree over the ledger has up to next(ledger) or later; a later one begins as an earlier one.
  [[nodiscard]] virtual std::string tile(unsigned level, std::uint64_t index) = 0;
  // Notes of the checkpoints stream before next(checkpoints), as they stand there; empty where there is none.
  struct Checkpoints {
    std::string newest;
    std::string cosigned;
  };
  [[nodiscard]] virtual Checkpoints checkpoints() = 0;
  virtual void commit_checkpoints(event::Offset next, const Checkpoints& checkpoints) = 0;
  [[nodiscard]] virtual std::optional<Published> published(event::Position position) = 0;
  // Published outcomes up to here were compared with what was folded; their bytes are no longer kept.
  [[nodiscard]] virtual event::Offset compared_next(event::Stream stream) = 0;
  virtual void set_compared(event::Stream stream, event::Offset next) = 0;

  [[nodiscard]] virtual std::optional<Folded> folded(event::Position position) = 0;
  // From an offset on, in order: at most `count_max`, and about `bytes_max`.
  [[nodiscard]] virtual std::vector<Folded> folded(event::Stream stream, event::Offset from, std::size_t count_max, std::size_t bytes_max) = 0;
  // The first record with that id in each stream that has one.
  [[nodiscard]] virtual std::vector<event::Position> submissions(const base::Uuid& id) = 0;
  // Calls `visit` with all versions of each fact of a round, newest first, in the order of the ids, from one on, until it
  // says false. They are valid during the call.
  using VisitFact = std::function<bool(std::span<const reporting::FactVersion> versions)>;
  virtual void each_fact(event::Stream stream, std::string_view round, const base::Uuid& from, const VisitFact& visit) = 0;
  // Changes for readers, newest first, before an offset (exclusive).
  [[nodiscard]] virtual std::vector<HistoryEntry> changes(event::Stream stream, std::string_view round, std::string_view unit,
                                                          std::uint32_t indicator, event::Offset before, std::size_t count_max) = 0;

  // The newest history row of each of these results of a round; nothing where there was none yet. One seek each.
  [[nodiscard]] virtual std::vector<std::optional<event::HistoryRow>> rows(std::string_view round, std::span<const ResultAt> results, Figures figures) = 0;
  // What the ledger says of a record that was folded.
  [[nodiscard]] virtual std::optional<event::Leaf> leaf(event::Position position) = 0;
  // A unit's version of a round after the record at a position.
  [[nodiscard]] virtual std::uint64_t version(event::Position at, std::string_view round, std::string_view unit) = 0;
  // A unit's submissions that were rejected, newest first, before an offset (exclusive).
  [[nodiscard]] virtual std::vector<event::Offset> rejected(event::Stream stream, std::string_view unit, event::Offset before, std::size_t count_max) = 0;

  // The newest history row of each result of a stream after the records before an offset (exclusive).
  [[nodiscard]] virtual reporting::CurrentResults results(event::Stream stream, event::Offset before) = 0;
  // The newest digest of a stream of the records before an offset (exclusive).
  [[nodiscard]] virtual std::optional<Digested> digest(event::Stream stream, event::Offset before) = 0;

  // Makes a directory with a copy of a state between two commits, which can be opened as this was.
  virtual void copy_to(const std::string& directory) = 0;
  [[nodiscard]] virtual Sizes sizes() = 0;
};

struct ReadModelOptions {
  // Shared with other databases of the process; without them it has some of its own.
  std::shared_ptr<rocksdb::Cache> cache = nullptr;
  std::shared_ptr<rocksdb::WriteBufferManager> buffers = nullptr;
  bool operator==(const ReadModelOptions&) const = default;
};

// A RocksDB database in `directory`, created when absent; its keys are described in KEYS.md.
[[nodiscard]] std::unique_ptr<ReadModel> open_read_model(const std::string& directory, const ReadModelOptions& options = {});

}  // namespace tamroi::readmodel
