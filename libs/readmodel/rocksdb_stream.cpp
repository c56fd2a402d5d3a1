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

// A record that writes two versions of one fact writes them in the order of its entries.
std::uint64_t version_number(event::Offset offset, std::uint64_t nth) { return offset << 16 | nth; }

std::string cell_prefix(event::Stream stream, const scoring::LatestCell& cell) {
  return keys::of_round(stream, cell.round).u32(cell.term).raw(cell.owner).u8(0).u32(cell.cell).take();
}

// Newest first.
std::string latest_key(std::string prefix, const scoring::Latest& fact) {
  base::ByteWriter order;
  order.u32(~(static_cast<std::uint32_t>(fact.occurred_on.days) ^ 0x8000'0000)).u64(~fact.recorded.offset).u32(~fact.recorded.entry);
  return prefix += order.bytes();
}

scoring::Latest latest_at(std::string_view key, std::int64_t value) {
  base::ByteReader order(key.substr(key.size() - 16));
  scoring::Latest latest{true, {}, {}, value};
  latest.occurred_on = {static_cast<std::int32_t>(~order.u32() ^ 0x8000'0000)};
  latest.recorded.offset = ~order.u64();
  latest.recorded.entry = ~order.u32();
  return latest;
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
  write_latest();
  PartsInBatch parts(database_, stream_, batch_);
  fold.save(parts);
  put_steps(database_, batch_, stream_, steps);
  database_.write(batch_);
  forget();
}

void RocksdbStream::forget() {
  batch_.Clear();
  facts_.clear();
  rows_.clear();
  read_.clear();
  first_.clear();
  latest_.clear();
  cleared_.clear();
}

void RocksdbStream::write_latest() {
  for (const auto& prefix : cleared_) database_.require(batch_.DeleteRange(database_.of(Family::Latest), prefix, end_of(prefix)));
  for (const auto& [key, value] : latest_) {
    auto* family = database_.of(Family::Latest);
    database_.require(value ? batch_.Put(family, key, base::ByteWriter().signed_number(*value).bytes()) : batch_.Delete(family, key));
  }
}

void RocksdbStream::insert(const scoring::LatestCell& cell, const scoring::Latest& fact) {
  latest_[latest_key(cell_prefix(stream_, cell), fact)] = fact.value;
}

void RocksdbStream::erase(const scoring::LatestCell& cell, const scoring::Latest& fact) {
  latest_[latest_key(cell_prefix(stream_, cell), fact)] = std::nullopt;
}

scoring::Latest RocksdbStream::newest(const scoring::LatestCell& cell) {
  const auto prefix = cell_prefix(stream_, cell);
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

void RocksdbStream::prefetch(const std::string& round, std::span<const base::Uuid> ids) {
  read_.clear();
  std::vector<base::Uuid> unknown;
  const auto put = facts_.find(round);
  for (const auto& id : ids) {
    if (put == facts_.end() || !put->second.contains(id)) unknown.push_back(id);
  }
  read_facts(round, unknown);
}

std::optional<FactVersion> RocksdbStream::fact(const std::string& round, const base::Uuid& id) {
  if (const auto in_round = facts_.find(round); in_round != facts_.end()) {
    if (const auto put = in_round->second.find(id); put != in_round->second.end()) return decode_fact(*put->second.row);
  }
  auto found = read_.find(id);
  if (found == read_.end()) {
    read_facts(round, {&id, 1});
    found = read_.find(id);
  }
  if (found->second.empty()) return std::nullopt;
  return decode_fact(found->second);
}

// Most ids are new: one look at the filters for all of them, and a row only for those that are known.
void RocksdbStream::read_facts(const std::string& round, std::span<const base::Uuid> ids) {
  std::vector<std::string> keys;
  keys.reserve(ids.size());
  for (const auto& id : ids) keys.push_back(keys::fact_id(stream_, round, id));
  const std::vector<rocksdb::Slice> slices(keys.begin(), keys.end());
  std::vector<rocksdb::PinnableSlice> places(ids.size());
  std::vector<rocksdb::Status> statuses(ids.size());
  database_.db().MultiGet({}, database_.of(Family::FactIds), ids.size(), slices.data(), places.data(), statuses.data());
  for (std::size_t i = 0; i < ids.size(); ++i) {
    auto& row = read_[ids[i]];
    if (statuses[i].IsNotFound()) continue;
    database_.require(statuses[i]);
    base::ByteReader in(view(places[i]));
    const auto number = in.number();
    CHECK(database_.get(Family::Facts, keys::fact(stream_, round, number, in.number()), row));
  }
}

void RocksdbStream::put(const std::string& round, const FactVersion& version) {
  const auto& row = rows_.emplace_back(encode(version));
  auto& facts = facts_[round];
  const auto earlier = facts.find(version.id);
  const bool again = earlier != facts.end() && earlier->second.written == version.written;
  const std::uint64_t nth = again ? earlier->second.nth + 1 : 0;
  const auto number = version_number(version.written, nth);
  database_.require(batch_.Put(database_.of(Family::Facts), keys::fact(stream_, round, version.number, number), row));
  database_.require(batch_.Put(database_.of(Family::FactIds), keys::fact_id(stream_, round, version.id),
                               base::ByteWriter().number(version.number).number(number).bytes()));
  facts.insert_or_assign(version.id, Put{&row, version.written, nth});
}

void RocksdbStream::for_each_live(const std::string& round, const std::function<void(const FactVersion&)>& visit) {
  std::map<std::uint64_t, FactVersion> put;
  for (const auto& [id, one] : facts_[round]) {
    const auto newest = decode_fact(*one.row);
    put.emplace(newest.number, newest);
  }
  const auto give = [&](const FactVersion& version) {
    if (version.live) visit(version);
  };
  const auto prefix = keys::of_round(stream_, round).take();
  const auto rows = database_.iterator(Family::Facts);
  std::optional<std::uint64_t> last;
  auto next = put.begin();
  for (rows->Seek(prefix); rows->Valid() && rows->key().starts_with(prefix); rows->Next()) {
    const auto number = base::ByteReader(view(rows->key()).substr(prefix.size())).u64();
    if (last == number) continue;
    last = number;
    for (; next != put.end() && next->first < number; ++next) give(next->second);
    if (next != put.end() && next->first == number) {
      give(next->second);
      ++next;
    } else {
      give(decode_fact(view(rows->value())));
    }
  }
  database_.require(rows->status());
  for (; next != put.end(); ++next) give(next->second);
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
