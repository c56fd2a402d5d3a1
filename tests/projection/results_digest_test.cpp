// The digests of a stream's results: the same however it was folded, and a read model that was changed is not served.

#include <catch2/catch_test_macros.hpp>
#include <rocksdb/db.h>

#include <random>

#include "projection/small_province.h"

namespace tamroi::projection {
namespace {

// The digest of the results after each record that one is due after, from the pure fold's outcomes alone.
std::map<event::Offset, base::Digest> expected_digests(const SmallProvince& province) {
  std::map<event::Offset, base::Digest> digests;
  reporting::CurrentResults results;
  for (const auto& outcome : province.outcomes) {
    for (const auto& row : outcome.rows) results.put(row, event::encode(row));
    const auto offset = outcome.position.offset;
    if (reporting::digest_is_due(offset, province.records[offset].kind)) digests[offset] = results.digest();
  }
  return digests;
}

// Changes what a read model keeps, behind its back.
void change_results(const std::string& directory) {
  std::vector<std::string> names;
  REQUIRE(rocksdb::DB::ListColumnFamilies({}, directory, &names).ok());
  std::vector<rocksdb::ColumnFamilyDescriptor> families;
  for (const auto& name : names) families.emplace_back(name, rocksdb::ColumnFamilyOptions{});
  std::vector<rocksdb::ColumnFamilyHandle*> opened_families;
  rocksdb::DB* opened = nullptr;
  REQUIRE(rocksdb::DB::Open({}, directory, families, &opened_families, &opened).ok());
  const std::unique_ptr<rocksdb::DB> db(opened);
  for (auto* family : opened_families) {
    if (family->GetName() != "history") continue;
    const std::unique_ptr<rocksdb::Iterator> rows(db->NewIterator({}, family));
    for (rows->SeekToFirst(); rows->Valid(); rows->Next()) {
      auto row = event::decode_history_row(rows->value().ToStringView());
      REQUIRE(row.has_value());
      ++row->standing.score;
      REQUIRE(db->Put({}, family, rows->key(), event::encode(*row)).ok());
    }
  }
  for (auto* family : opened_families) REQUIRE(db->DestroyColumnFamilyHandle(family).ok());
}

TEST_CASE("digests are kept as due, the same wherever the fold was stopped and continued") {
  const std::uint64_t seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937_64 chance(seed);
  const SmallProvince province(seed);
  const support::TemporaryDirectory directory;
  const auto growing = journal::make_memory_journal();
  event::Offset given = 0;
  while (given < province.records.size()) {
    for (std::size_t left = 1 + chance() % 200; left > 0 && given < province.records.size(); --left, ++given) {
      const auto& record = province.records[given];
      journal::append_and_wait(*growing, {province.stream, record.id, record.received_at, event::encode(record)});
    }
    Followed followed(*growing, directory.path(), province.plans);
    followed.catch_up();
    INFO((followed.stream.stopped() ? followed.stream.stopped()->why : ""));
    REQUIRE_FALSE(followed.stream.stopped());
  }
  const auto expected = expected_digests(province);
  REQUIRE(expected.size() >= 8);
  const auto model = readmodel::open_read_model(directory.path());
  for (auto [offset, digest] : expected) {
    const auto kept = model->digest(province.stream, offset + 1);
    REQUIRE(kept.has_value());
    CHECK(kept->offset == offset);
    CHECK(kept->digest == digest);
    CHECK(model->results(province.stream, offset + 1).digest() == digest);
  }
  CHECK_FALSE(model->digest(province.stream, expected.begin()->first).has_value());
}

TEST_CASE("a read model whose results were changed is not served") {
  const SmallProvince province(5);
  const support::TemporaryDirectory directory;
  {
    Followed followed(*province.journal, directory.path(), province.plans);
    followed.catch_up();
  }
  change_results(directory.path());
  Followed followed(*province.journal, directory.path(), province.plans);
  followed.catch_up();
  REQUIRE(followed.stream.stopped().has_value());
  CHECK(followed.stream.stopped()->why.contains("damaged"));
  CHECK(followed.stream.view()->next == 0);
}

}  // namespace
}  // namespace tamroi::projection
