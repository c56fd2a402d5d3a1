// tamroi-forge: changes what nobody may change, in databases that no server has open, and so that they look whole.
//
//   tamroi-forge record JOURNAL STREAM OFFSET    a record says the same in other bytes
//   tamroi-forge entry JOURNAL INDEX             a ledger entry has another outcome, and the hash of that
//   tamroi-forge row READMODEL FAMILY            a bit of the first row of a family; fails where there is none
#include <cstdio>
#include <exception>
#include <stdexcept>
#include <string>

#include <fmt/format.h>
#include <rocksdb/db.h>

#include "base/bytes.h"
#include "base/sha256.h"
#include "event/ledger_entry.h"
#include "event/outcome.h"
#include "event/record.h"
#include "readmodel/database.h"

namespace tamroi {
namespace {

void require(const rocksdb::Status& status) {
  if (!status.ok()) throw std::runtime_error(status.ToString());
}

std::string same_in_other_bytes(std::string_view bytes) {
  auto record = event::decode_record(bytes);
  if (!record) throw std::runtime_error(record.error());
  record->body += ' ';
  return event::encode(*record);
}

std::string with_another_outcome(std::string_view bytes) {
  auto entry = event::decode_ledger_entry(bytes);
  if (!entry) throw std::runtime_error(entry.error());
  auto outcome = event::decode_outcome(entry->outcome);
  if (!outcome) throw std::runtime_error(outcome.error());
  outcome->verdict = event::Verdict::Rejected;
  outcome->rows.clear();
  outcome->changes.clear();
  entry->outcome = event::encode(*outcome);
  entry->leaf.outcome_length = static_cast<std::uint32_t>(entry->outcome.size());
  entry->leaf.outcome_sha256 = base::sha256(entry->outcome);
  return event::encode(*entry);
}

// A row is the time, 8 bytes, and what was appended (libs/journal/KEYS.md).
template <class Change>
void change_journal(const std::string& directory, event::Stream stream, event::Offset offset, Change change) {
  rocksdb::DB* opened = nullptr;
  require(rocksdb::DB::Open({}, directory, &opened));
  const std::unique_ptr<rocksdb::DB> database(opened);
  const auto key = base::ByteWriter().u16(stream.code).u64(offset).take();
  std::string row;
  require(database->Get({}, key, &row));
  require(database->Put({}, key, row.substr(0, 8) + change(std::string_view(row).substr(8))));
  // One row under the key again, as if there had never been another.
  rocksdb::CompactRangeOptions all;
  all.bottommost_level_compaction = rocksdb::BottommostLevelCompaction::kForce;
  require(database->CompactRange(all, nullptr, nullptr));
  require(database->Close());
}

void change_row(const std::string& directory, std::string_view name) {
  readmodel::Database database(directory, {});
  for (std::size_t i = 0; i < readmodel::families; ++i) {
    const auto family = static_cast<readmodel::Family>(i);
    if (readmodel::name_of(family) != name) continue;
    const auto row = database.iterator(family);
    row->SeekToFirst();
    // Behind all others stands the count of commits.
    if (!row->Valid() || row->key().starts_with("\xFF\xFF")) break;
    auto value = row->value().ToString();
    value.back() = static_cast<char>(value.back() ^ 1);
    rocksdb::WriteBatch batch;
    require(batch.Put(database.of(family), row->key(), value));
    database.write(batch);
    return;
  }
  throw std::runtime_error(fmt::format("{} has no row", name));
}

int run(int count, char** arguments) {
  const std::string what = count > 1 ? arguments[1] : "";
  if (what == "record" && count == 5) {
    change_journal(arguments[2], event::parse_stream(arguments[3]).value(), std::stoull(arguments[4]), same_in_other_bytes);
  } else if (what == "entry" && count == 4) {
    change_journal(arguments[2], event::ledger_stream, std::stoull(arguments[3]), with_another_outcome);
  } else if (what == "row" && count == 4) {
    change_row(arguments[2], arguments[3]);
  } else {
    fmt::print(stderr, "tamroi-forge record JOURNAL STREAM OFFSET | entry JOURNAL INDEX | row READMODEL FAMILY\n");
    return 2;
  }
  return 0;
}

}  // namespace
}  // namespace tamroi

int main(int count, char** arguments) {
  try {
    return tamroi::run(count, arguments);
  } catch (const std::exception& error) {
    fmt::print(stderr, "{}\n", error.what());
    return 1;
  }
}
