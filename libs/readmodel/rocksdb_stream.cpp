#include "readmodel/rocksdb_stream.h"

#include <algorithm>

#include "base/check.h"
#include "readmodel/keys.h"
#include "readmodel/steps.h"
#include "readmodel/stored_fact.h"

namespace tamroi::readmodel {
namespace {

using reporting::FactVersion;

rocksdb::Slice slice(std::string_view text) { return {text.data(), text.size()}; }
std::string_view view(const rocksdb::Slice& slice) { return {slice.data(), slice.size()}; }

// The key after every key that begins so.
std::string end_of(std::string prefix) {
  while (!prefix.empty() && static_cast<unsigned char>(prefix.back()) == 0xFF) prefix.pop_back();
  CHECK(!prefix.empty());
  prefix.back() = static_cast<char>(static_cast<unsigned char>(prefix.back()) + 1);
  return prefix;
}

scoring::Latest latest_at(std::string_view key, std::int64_t value) {
  base::ByteReader order(key.substr(key.size() - 16));
  scoring::Latest latest{true, {}, {}, value};
  latest.occurred_on = {static_cast<std::int32_t>(~order.u32() ^ 0x8000'0000)};
  latest.recorded.offset = ~order.u64();
  latest.recorded.entry = ~order.u32();
  return latest;
}

base::Uuid id_in(std::string_view key) {
  base::Uuid id;
  std::ranges::copy(key.substr(key.size() - id.bytes.size()), id.bytes.begin());
  return id;
}

class PartsInBatch final : public reporting::Parts {
 public:
  PartsInBatch(Database& database, event::Stream stream, rocksdb::WriteBatch& batch) : database_(database), stream_(stream), batch_(batch) {}

  void erase(std::string_view prefix) override {
    const auto first = keys::part(stream_, prefix);
    database_.require(batch_.DeleteRange(database_.of(Family::State), first, end_of(first)));
  }
  void put(std::string_view key, std::string_view bytes) override {
    database_.require(batch_.Put(database_.of(Family::State), keys::part(stream_, key), slice(bytes)));
  }

 private:
  Database& database_;
  event::Stream stream_;
  rocksdb::WriteBatch& batch_;
};

}  // namespace

event::Offset RocksdbStream::load(reporting::ProvinceFold& fold) {
  forget();
  std::string next;
  if (!database_.get(Family::State, keys::next(stream_), next)) return 0;
  const auto prefix = keys::part(stream_, "");
  const auto rows = database_.iterator(Family::State);
  for (rows->Seek(prefix); rows->Valid() && rows->key().starts_with(prefix); rows->Next()) {
    fold.load(view(rows->key()).substr(prefix.size()), view(rows->value()));
  }
  database_.require(rows->status());
  return base::ByteReader(next).u64();
}

void RocksdbStream::commit(reporting::ProvinceFold& fold, std::span<const Step> steps) {
  CHECK(!steps.empty());
  write_facts();
  write_latest();
  PartsInBatch parts(database_, stream_, batch_);
  fold.save(parts);
  BatchedRows rows(database_, batch_);
  for (const auto& step : steps) put_step(rows, stream_, step, false);
  rows.put(Family::State, keys::next(stream_), encode_next(steps.back().folded.leaf.offset + 1));
  database_.write(batch_);
  forget();
}

void RocksdbStream::forget() {
  batch_.Clear();
  facts_.clear();
  put_texts_.clear();
  read_.clear();
  read_texts_.clear();
  first_.clear();
  latest_.clear();
  cleared_.clear();
}

// In the order of their keys, and each once: the memory table then finds the place of a row beside that of the row before.
void RocksdbStream::write_facts() {
  for (auto& [round, facts] : facts_) {
    facts.places.clear();
    std::ranges::sort(facts.rows, {}, &FactRows::Row::first);
    auto key = keys::of_round(stream_, round);
    const auto before_id = key.bytes().size();
    for (const auto& [id, row] : facts.rows) {
      database_.require(batch_.Put(database_.of(Family::Facts), key.cut(before_id).raw(id.raw()).bytes(), slice(row)));
    }
  }
}

void RocksdbStream::write_latest() {
  for (const auto& prefix : cleared_) database_.require(batch_.DeleteRange(database_.of(Family::Latest), prefix, end_of(prefix)));
  for (const auto& [key, value] : latest_) {
    auto* family = database_.of(Family::Latest);
    database_.require(value ? batch_.Put(family, key, base::ByteWriter().signed_number(*value).bytes()) : batch_.Delete(family, key));
  }
}

void RocksdbStream::insert(const scoring::LatestCell& cell, const scoring::Latest& fact) {
  latest_[keys::latest(keys::latest_cell(stream_, cell), fact)] = fact.value;
}

void RocksdbStream::erase(const scoring::LatestCell& cell, const scoring::Latest& fact) {
  latest_[keys::latest(keys::latest_cell(stream_, cell), fact)] = std::nullopt;
}

scoring::Latest RocksdbStream::newest(const scoring::LatestCell& cell) {
  const auto prefix = keys::latest_cell(stream_, cell);
  scoring::Latest newest;
  for (auto put = latest_.lower_bound(prefix); put != latest_.end() && put->first.starts_with(prefix); ++put) {
    if (!put->second) continue;
    newest = latest_at(put->first, *put->second);
    break;
  }
  if (std::ranges::any_of(cleared_, [&](const auto& cleared) { return prefix.starts_with(cleared); })) return newest;
  const auto rows = database_.iterator(Family::Latest);
  for (rows->Seek(prefix); rows->Valid() && rows->key().starts_with(prefix); rows->Next()) {
    if (latest_.contains(view(rows->key()))) continue;
    const auto stored = latest_at(view(rows->key()), base::ByteReader(view(rows->value())).signed_number());
    return stored.newer_than(newest) ? stored : newest;
  }
  database_.require(rows->status());
  return newest;
}

void RocksdbStream::clear(const std::string& round) {
  const auto prefix = keys::of_round(stream_, round).take();
  std::erase_if(latest_, [&](const auto& put) { return put.first.starts_with(prefix); });
  cleared_.push_back(prefix);
}

RocksdbStream::FactRows::Row* RocksdbStream::FactRows::find(const base::Uuid& id) {
  const auto* place = places.find(std::hash<base::Uuid>{}(id), [&](std::uint32_t i) { return rows[i].first == id; });
  return place == nullptr ? nullptr : &rows[*place];
}

void RocksdbStream::FactRows::put(const base::Uuid& id, std::string_view row) {
  if (auto* known = find(id)) {
    known->second = row;
    return;
  }
  places.add(std::hash<base::Uuid>{}(id), static_cast<std::uint32_t>(rows.size()));
  rows.emplace_back(id, row);
}

void RocksdbStream::FactRows::clear() {
  rows.clear();
  places.clear();
}

void RocksdbStream::prefetch(const std::string& round, std::span<const base::Uuid> ids) {
  read_.clear();
  read_texts_.clear();
  std::vector<base::Uuid> unknown;
  unknown.reserve(ids.size());
  const auto put = facts_.find(round);
  for (const auto& id : ids) {
    if (put == facts_.end() || put->second.find(id) == nullptr) unknown.push_back(id);
  }
  read_facts(round, unknown);
}

std::string_view RocksdbStream::row_of(const std::string& round, const base::Uuid& id) {
  if (const auto in_round = facts_.find(round); in_round != facts_.end()) {
    if (const auto* put = in_round->second.find(id)) return put->second;
  }
  const auto* found = read_.find(id);
  if (found == nullptr) {
    read_facts(round, {&id, 1});
    found = read_.find(id);
  }
  return found->second;
}

std::optional<FactVersion> RocksdbStream::fact(const std::string& round, const base::Uuid& id) {
  const auto row = row_of(round, id);
  return row.empty() ? std::nullopt : std::optional(decode_fact(id, row).version);
}

// Most ids are new: the filters say so without a read.
void RocksdbStream::read_facts(const std::string& round, std::span<const base::Uuid> ids) {
  const auto prefix = keys::of_round(stream_, round).take();
  const auto key_size = prefix.size() + sizeof(base::Uuid);
  std::string keys;
  keys.reserve(ids.size() * key_size);
  for (const auto& id : ids) keys.append(prefix).append(id.raw());
  std::vector<rocksdb::Slice> slices;
  slices.reserve(ids.size());
  for (std::size_t i = 0; i < ids.size(); ++i) slices.emplace_back(keys.data() + i * key_size, key_size);
  std::vector<rocksdb::PinnableSlice> rows(ids.size());
  std::vector<rocksdb::Status> statuses(ids.size());
  database_.db().MultiGet({}, database_.of(Family::Facts), ids.size(), slices.data(), rows.data(), statuses.data());
  for (std::size_t i = 0; i < ids.size(); ++i) {
    if (!statuses[i].IsNotFound()) database_.require(statuses[i]);
    read_.put(ids[i], statuses[i].ok() ? read_texts_.keep({view(rows[i])}) : std::string_view());
  }
}

void RocksdbStream::put(const std::string& round, const FactVersion& version) {
  const auto before = row_of(round, version.id);
  std::uint32_t earlier = 0;
  if (!before.empty()) {
    earlier = decode_fact(version.id, before).earlier + 1;
    database_.require(batch_.Put(database_.of(Family::EarlierFacts), keys::earlier_fact(stream_, round, version.id, earlier - 1), slice(before)));
  }
  encode(row_.cut(0), version, earlier);
  facts_[round].put(version.id, put_texts_.keep({row_.bytes()}));
}

void RocksdbStream::for_each_live(const std::string& round, const std::function<void(const FactVersion&)>& visit) {
  auto& put = facts_[round];
  const auto give = [&](const base::Uuid& id, std::string_view row) {
    const auto version = decode_fact(id, row).version;
    if (version.live) visit(version);
  };
  const auto prefix = keys::of_round(stream_, round).take();
  const auto rows = database_.iterator(Family::Facts);
  for (rows->Seek(prefix); rows->Valid() && rows->key().starts_with(prefix); rows->Next()) {
    const auto id = id_in(view(rows->key()));
    if (put.find(id) == nullptr) give(id, view(rows->value()));
  }
  database_.require(rows->status());
  for (const auto& [id, row] : put.rows) give(id, row);
}

std::optional<event::Offset> RocksdbStream::first_of(const base::Uuid& id) {
  if (const auto put = first_.find(id); put != first_.end()) return put->second;
  std::string offset;
  if (!database_.get(Family::Submissions, keys::submission(id, stream_), offset)) return std::nullopt;
  return base::ByteReader(offset).u64();
}

void RocksdbStream::put_first(const base::Uuid& id, event::Offset offset) {
  CHECK(first_.emplace(id, offset).second);
  database_.require(batch_.Put(database_.of(Family::Submissions), keys::submission(id, stream_), base::ByteWriter().u64(offset).bytes()));
}

}  // namespace tamroi::readmodel
