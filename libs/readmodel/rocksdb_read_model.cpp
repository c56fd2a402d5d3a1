#include <algorithm>
#include <utility>

#include "base/check.h"
#include "readmodel/database.h"
#include "readmodel/keys.h"
#include "readmodel/rocksdb_stream.h"
#include "readmodel/steps.h"
#include "readmodel/stored_fact.h"
#include "readmodel/tree.h"

namespace tamroi::readmodel {
namespace {

std::string_view view(const rocksdb::Slice& slice) { return {slice.data(), slice.size()}; }

class RocksdbReadModel final : public ReadModel {
 public:
  RocksdbReadModel(const std::string& directory, const ReadModelOptions& options) : database_(directory, options) {}

  std::unique_ptr<StreamModel> stream(event::Stream stream, std::function<std::string(event::Offset)> body) override {
    return std::make_unique<RocksdbStream>(database_, stream, std::move(body));
  }

  void commit_controls(std::span<const Step> steps) override {
    rocksdb::WriteBatch batch;
    BatchedRows rows(database_, batch);
    for (const auto& step : steps) put_step(rows, event::control_stream, step, false);
    rows.put(Family::State, keys::next(event::control_stream), encode_next(steps.back().folded.leaf.offset + 1));
    database_.write(batch);
  }

  event::Offset next(event::Stream stream) override { return number(keys::next(stream)); }
  event::Offset published_next(event::Stream stream) override { return number(keys::published_next(stream)); }
  event::Offset compared_next(event::Stream stream) override { return number(keys::compared_next(stream)); }

  void commit_ledger(std::span<const Seen> entries, event::Offset until, std::span<const audit::Hash> leaves) override {
    rocksdb::WriteBatch batch;
    BatchedRows rows(database_, batch);
    const auto size = next(event::ledger_stream);
    CHECK(size + leaves.size() == until);
    grow_tree(size, leaves, [this](unsigned level, std::uint64_t index) { return tile(level, index); },
              [&](unsigned level, std::uint64_t index, std::string_view hashes) { rows.put(Family::Tree, keys::tile(level, index), hashes); });
    for (const auto& [index, leaf] : entries) {
      const auto row = encode_published(index, leaf.outcome_sha256);
      database_.require(batch.Put(database_.of(Family::Ledger), keys::position({leaf.stream, leaf.offset}), row));
      put_number(batch, keys::published_next(leaf.stream), leaf.offset + 1);
    }
    put_number(batch, keys::next(event::ledger_stream), until);
    database_.write(batch);
  }

  std::string tile(unsigned level, std::uint64_t index) override {
    std::string hashes;
    static_cast<void>(database_.get(Family::Tree, keys::tile(level, index), hashes));
    return hashes;
  }

  Checkpoints checkpoints() override {
    Checkpoints kept;
    static_cast<void>(database_.get(Family::State, keys::newest_checkpoint(), kept.newest));
    static_cast<void>(database_.get(Family::State, keys::cosigned_checkpoint(), kept.cosigned));
    return kept;
  }

  void commit_checkpoints(event::Offset next, const Checkpoints& checkpoints) override {
    rocksdb::WriteBatch batch;
    BatchedRows rows(database_, batch);
    rows.put(Family::State, keys::newest_checkpoint(), checkpoints.newest);
    rows.put(Family::State, keys::cosigned_checkpoint(), checkpoints.cosigned);
    rows.put(Family::State, keys::next(event::checkpoints_stream), encode_next(next));
    database_.write(batch);
  }

  std::optional<Published> published(event::Position position) override {
    std::string row;
    if (!database_.get(Family::Ledger, keys::position(position), row)) return std::nullopt;
    base::ByteReader in(row);
    Published published{in.u64(), {}};
    const auto digest = in.raw(published.outcome_sha256.size());
    std::ranges::copy(digest, published.outcome_sha256.begin());
    return published;
  }

  void set_compared(event::Stream stream, event::Offset next) override {
    rocksdb::WriteBatch batch;
    // One by one: ranges that were deleted are looked through by every read.
    for (auto offset = compared_next(stream); offset < next; ++offset) {
      database_.require(batch.Delete(database_.of(Family::Outcomes), keys::position({stream, offset})));
    }
    put_number(batch, keys::compared_next(stream), next);
    database_.write(batch);
  }

  std::optional<Folded> folded(event::Position position) override {
    std::string row;
    const auto key = keys::position(position);
    if (!database_.get(Family::Records, key, row)) return std::nullopt;
    auto folded = decode_folded(row);
    static_cast<void>(database_.get(Family::Outcomes, key, folded.outcome));
    return folded;
  }

  std::vector<Folded> folded(event::Stream stream, event::Offset from, std::size_t count_max, std::size_t bytes_max) override {
    std::vector<Folded> all;
    std::size_t bytes = 0;
    const auto rows = database_.iterator(Family::Records);
    const auto outcomes = database_.iterator(Family::Outcomes);
    const auto prefix = keys::of_stream(stream).take();
    const auto first = keys::position({stream, from});
    outcomes->Seek(first);
    for (rows->Seek(first); rows->Valid() && rows->key().starts_with(prefix) && all.size() < count_max && bytes < bytes_max; rows->Next()) {
      auto& folded = all.emplace_back(decode_folded(view(rows->value())));
      if (!outcomes->Valid() || outcomes->key() != rows->key()) continue;
      folded.outcome = outcomes->value().ToString();
      bytes += folded.outcome.size();
      outcomes->Next();
    }
    database_.require(rows->status());
    database_.require(outcomes->status());
    return all;
  }

  std::vector<event::Position> submissions(const base::Uuid& id) override {
    std::vector<event::Position> found;
    const auto rows = database_.iterator(Family::Submissions);
    const std::string prefix(id.raw());
    for (rows->Seek(prefix); rows->Valid() && rows->key().starts_with(prefix); rows->Next()) {
      const event::Stream stream{base::ByteReader(view(rows->key()).substr(prefix.size())).u16()};
      found.push_back({stream, base::ByteReader(view(rows->value())).u64()});
    }
    database_.require(rows->status());
    return found;
  }

  void each_fact(event::Stream stream, std::string_view round, const base::Uuid& from, const VisitFact& visit) override {
    const auto prefix = keys::of_round(stream, round).take();
    const auto rows = database_.iterator(Family::Facts);
    const auto earlier = database_.iterator(Family::EarlierFacts);
    for (rows->Seek(keys::fact(stream, round, from)); rows->Valid() && rows->key().starts_with(prefix); rows->Next()) {
      base::Uuid id;
      std::ranges::copy(view(rows->key()).substr(prefix.size()), id.bytes.begin());
      const auto newest = decode_fact(id, view(rows->value()));
      std::vector<std::string> kept;
      if (newest.earlier > 0) earlier->Seek(keys::earlier_fact(stream, round, id, newest.earlier - 1));
      for (auto left = newest.earlier; left > 0; --left, earlier->Next()) {
        CHECK(earlier->Valid() && earlier->key().starts_with(rows->key()));
        kept.push_back(earlier->value().ToString());
      }
      std::vector<reporting::FactVersion> versions{newest.version};
      for (const auto& row : kept) versions.push_back(decode_fact(id, row).version);
      if (!visit(versions)) return;
    }
    database_.require(rows->status());
  }

  std::vector<HistoryEntry> changes(event::Stream stream, std::string_view round, std::string_view unit, std::uint32_t indicator,
                                    event::Offset before, std::size_t count_max) override {
    std::vector<HistoryEntry> found;
    if (before == 0) return found;
    const auto rows = database_.iterator(Family::Changes);
    const auto first = keys::history(stream, round, unit, indicator, before - 1);
    const auto prefix = first.substr(0, first.size() - 8);
    for (rows->Seek(first); rows->Valid() && rows->key().starts_with(prefix) && found.size() < count_max; rows->Next()) {
      auto change = event::decode_change(view(rows->value()));
      CHECK(change.has_value());
      found.push_back({~base::ByteReader(view(rows->key()).substr(prefix.size())).u64(), std::move(*change)});
    }
    database_.require(rows->status());
    return found;
  }

  std::vector<std::optional<event::HistoryRow>> rows(std::string_view round, std::span<const ResultAt> results, Figures figures) override {
    std::vector<std::optional<event::HistoryRow>> found;
    const auto stored = database_.iterator(figures == Figures::Own ? Family::OwnHistory : Family::History);
    for (const auto& [at, unit, indicator] : results) {
      const auto key = keys::history(at.stream, round, unit, indicator, at.offset);
      stored->Seek(key);
      auto& one = found.emplace_back();
      if (!stored->Valid() || !stored->key().starts_with(rocksdb::Slice(key.data(), key.size() - sizeof(at.offset)))) continue;
      auto row = event::decode_history_row(view(stored->value()));
      CHECK(row.has_value());
      one = std::move(*row);
    }
    database_.require(stored->status());
    return found;
  }

  std::optional<event::Leaf> leaf(event::Position position) override {
    std::string row;
    if (!database_.get(Family::Records, keys::position(position), row)) return std::nullopt;
    const auto leaf = event::decode_leaf(std::string_view(row).substr(0, event::Leaf::size_bytes));
    CHECK(leaf.has_value());
    return *leaf;
  }

  std::uint64_t version(event::Position at, std::string_view round, std::string_view unit) override {
    const auto key = keys::sent(at.stream, unit, keys::Verdict::Accepted, round, at.offset);
    const auto rows = database_.iterator(Family::Sent);
    rows->Seek(key);
    database_.require(rows->status());
    if (!rows->Valid() || !rows->key().starts_with(rocksdb::Slice(key.data(), key.size() - sizeof(at.offset)))) return 0;
    return base::ByteReader(view(rows->value())).u64();
  }

  std::vector<event::Offset> rejected(event::Stream stream, std::string_view unit, event::Offset before, std::size_t count_max) override {
    std::vector<event::Offset> found;
    if (before == 0) return found;
    const auto rows = database_.iterator(Family::Sent);
    const auto first = keys::sent(stream, unit, keys::Verdict::Rejected, {}, before - 1);
    const auto prefix = first.substr(0, first.size() - sizeof(before));
    for (rows->Seek(first); rows->Valid() && rows->key().starts_with(prefix) && found.size() < count_max; rows->Next()) {
      found.push_back(~base::ByteReader(view(rows->key()).substr(prefix.size())).u64());
    }
    database_.require(rows->status());
    return found;
  }

  reporting::CurrentResults results(event::Stream stream, event::Offset before) override {
    reporting::CurrentResults found;
    if (before == 0) return found;
    const auto prefix = keys::of_stream(stream).take();
    const auto rows = database_.iterator(Family::History);
    for (rows->Seek(prefix); rows->Valid() && rows->key().starts_with(prefix);) {
      // Of this result: the first row that is old enough; then on to the next result.
      const std::string result(view(rows->key()).substr(0, rows->key().size() - 8));
      rows->Seek(base::ByteWriter().raw(result).u64(~before + 1).take());
      if (rows->Valid() && rows->key().starts_with(result)) found.put(result.substr(prefix.size()), rows->value().ToString());
      rows->Seek(base::ByteWriter().raw(result).u64(UINT64_MAX).u8(0).take());
    }
    database_.require(rows->status());
    return found;
  }

  std::optional<Digested> digest(event::Stream stream, event::Offset before) override {
    if (before == 0) return std::nullopt;
    const auto rows = database_.iterator(Family::Digests);
    rows->SeekForPrev(keys::position({stream, before - 1}));
    database_.require(rows->status());
    if (!rows->Valid() || !rows->key().starts_with(keys::of_stream(stream).take())) return std::nullopt;
    Digested found{base::ByteReader(view(rows->key()).substr(2)).u64(), {}};
    CHECK(rows->value().size() == found.digest.size());
    std::ranges::copy(view(rows->value()), found.digest.begin());
    return found;
  }

  void copy_to(const std::string& directory) override { database_.copy_to(directory); }

  Sizes sizes() override {
    using Properties = rocksdb::DB::Properties;
    return {.table_bytes = database_.property(Properties::kTotalSstFilesSize),
            .pending_bytes = database_.property(Properties::kEstimatePendingCompactionBytes),
            .writes_delayed = database_.property_of_one(Properties::kIsWriteStopped) > 0 ||
                              database_.property_of_one(Properties::kActualDelayedWriteRate) > 0};
  }

 private:
  event::Offset number(const std::string& key) {
    std::string value;
    return database_.get(Family::State, key, value) ? base::ByteReader(value).u64() : 0;
  }
  void put_number(rocksdb::WriteBatch& batch, const std::string& key, event::Offset value) {
    database_.require(batch.Put(database_.of(Family::State), key, base::ByteWriter().u64(value).bytes()));
  }

  Database database_;
};

}  // namespace

std::unique_ptr<ReadModel> open_read_model(const std::string& directory, const ReadModelOptions& options) {
  return std::make_unique<RocksdbReadModel>(directory, options);
}

}  // namespace tamroi::readmodel
