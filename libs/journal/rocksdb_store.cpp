#include "journal/rocksdb_store.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <rocksdb/cache.h>
#include <rocksdb/db.h>
#include <rocksdb/options.h>
#include <rocksdb/table.h>
#include <rocksdb/utilities/checkpoint.h>
#include <rocksdb/write_batch.h>
#include <rocksdb/write_buffer_manager.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <limits>
#include <utility>

#include "base/check.h"

namespace tamroi::journal {
namespace {

constexpr std::size_t key_bytes = 10;
constexpr std::size_t time_bytes = 8;
constexpr std::size_t own_cache_bytes = std::size_t{32} << 20;
constexpr std::size_t own_buffer_bytes = std::size_t{64} << 20;
constexpr event::Offset offset_max = std::numeric_limits<event::Offset>::max();

template <std::size_t size>
std::array<char, size> big_endian(std::uint64_t value) {
  std::array<char, size> bytes;
  for (std::size_t i = size; i > 0; --i, value >>= 8) bytes[i - 1] = static_cast<char>(value & 0xFF);
  return bytes;
}

std::uint64_t from_big_endian(const char* bytes, std::size_t size) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < size; ++i) value = (value << 8) | static_cast<unsigned char>(bytes[i]);
  return value;
}

class Key {
 public:
  Key(event::Stream stream, event::Offset offset) {
    const auto head = big_endian<2>(stream.code);
    const auto tail = big_endian<8>(offset);
    std::copy(head.begin(), head.end(), bytes_.begin());
    std::copy(tail.begin(), tail.end(), bytes_.begin() + head.size());
  }
  [[nodiscard]] rocksdb::Slice slice() const { return {bytes_.data(), bytes_.size()}; }

 private:
  std::array<char, key_bytes> bytes_{};
};

event::Position position_of(const rocksdb::Slice& key) {
  CHECK(key.size() == key_bytes);
  return {event::Stream{static_cast<std::uint16_t>(from_big_endian(key.data(), 2))},
          from_big_endian(key.data() + 2, 8)};
}

std::error_code code_of(const rocksdb::Status& status) {
  if (status.IsNoSpace()) return std::make_error_code(std::errc::no_space_on_device);
  return std::make_error_code(std::errc::io_error);
}

// RocksDB has no code of its own for it.
bool is_lock_conflict(const rocksdb::Status& status) {
  const std::string text = status.ToString();
  return status.IsIOError() && (text.find("While lock file") != std::string::npos ||
                                text.find("lock hold by current process") != std::string::npos);
}

JournalDamaged damaged(const std::string& directory, const std::string& what) {
  return {std::make_error_code(std::errc::io_error),
          fmt::format("The journal in {} is damaged: {}. Restore a backup; its files must not be changed by hand", directory, what)};
}

void require_ok(const rocksdb::Status& status, std::string_view doing, const std::string& directory) {
  if (status.ok()) return;
  // A file that others name and that is not there is damage too.
  if (status.IsCorruption() || status.IsPathNotFound()) throw damaged(directory, status.ToString());
  throw JournalUnavailable(code_of(status),
                           fmt::format("{} the journal in {}: {}", doing, directory, status.ToString()));
}

rocksdb::Options database_options(const JournalOptions& given) {
  rocksdb::Options options;
  // Of shared buffers it takes an eighth before it writes them to a table by itself: never so much that another
  // database, whose share this is not, has to write out what it only just began.
  options.write_buffer_size = given.buffers == nullptr ? own_buffer_bytes : given.buffers->buffer_size() / 8;
  options.write_buffer_manager = given.buffers;
  options.create_if_missing = true;
  // A crash may tear the last write, which nobody was told of. What a reopening finds in the log it writes to
  // tables, so that what is read from then on is durable (avoid_flush_during_recovery must stay off).
  options.wal_recovery_mode = rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords;
  options.avoid_flush_during_recovery = false;
  options.paranoid_checks = true;
  options.compression = rocksdb::kLZ4Compression;
  options.bottommost_compression = rocksdb::kZSTD;
  // Every stream grows at its end, and most tables hold the end of one: what is compacted is rewritten whole, so seldom.
  options.level_compaction_dynamic_level_bytes = true;
  options.max_bytes_for_level_base = std::size_t{2} << 30;
  options.level0_file_num_compaction_trigger = 8;
  options.level0_slowdown_writes_trigger = 24;
  options.level0_stop_writes_trigger = 40;
  options.max_open_files = 512;
  options.info_log_level = rocksdb::WARN_LEVEL;
  options.keep_log_file_num = 4;
  options.max_log_file_size = std::size_t{16} * 1024 * 1024;
  rocksdb::BlockBasedTableOptions table;
  table.block_size = std::size_t{32} * 1024;
  table.block_cache = given.cache == nullptr ? rocksdb::NewLRUCache(own_cache_bytes) : given.cache;
  table.cache_index_and_filter_blocks = true;
  table.pin_l0_filter_and_index_blocks_in_cache = true;
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  return options;
}

class RocksdbStore final : public Store {
 public:
  RocksdbStore(std::string directory, std::unique_ptr<rocksdb::DB> database)
      : directory_(std::move(directory)), database_(std::move(database)) {}

  ~RocksdbStore() override {
    // Every acknowledged record is in the synchronised log, so a failure to close loses nothing. What is flushed now need
    // not be replayed at the next opening. After a failure nothing more is written: what it left is for the next opening.
    if (!failed_) static_cast<void>(database_->Flush({}));
    static_cast<void>(database_->Close());
  }

  Ends ends() override {
    Ends ends;
    const auto rows = iterator(true);
    rows->SeekToFirst();
    while (rows->Valid()) {
      const event::Position first = position_of(rows->key());
      if (first.offset != 0) throw damaged_at(first, "is the first of its stream");
      rows->SeekForPrev(Key(first.stream, offset_max).slice());
      if (!rows->Valid()) break;
      const event::Position last = position_of(rows->key());
      CHECK(last.stream == first.stream && last.offset < offset_max);
      ends[first.stream] = last.offset + 1;
      if (first.stream.code == std::numeric_limits<std::uint16_t>::max()) break;
      rows->Seek(Key(event::Stream{static_cast<std::uint16_t>(first.stream.code + 1)}, 0).slice());
    }
    require_ok(rows->status(), "reading", directory_);
    require_all(ends);
    return ends;
  }

  void write(std::span<const Placed> batch) override {
    rocksdb::WriteBatch writes;
    for (const auto& [offset, append] : batch) {
      const Key key(append->stream, offset);
      const auto time = big_endian<time_bytes>(static_cast<std::uint64_t>(append->time.micros));
      const rocksdb::Slice key_slice = key.slice();
      const std::array<rocksdb::Slice, 2> value{rocksdb::Slice(time.data(), time.size()),
                                                rocksdb::Slice(append->bytes)};
      require_ok(writes.Put(rocksdb::SliceParts(&key_slice, 1), rocksdb::SliceParts(value.data(), value.size())),
                 "writing to", directory_);
    }
    rocksdb::WriteOptions write_options;
    write_options.sync = true;
    const auto status = database_->Write(write_options, &writes);
    failed_ = !status.ok();
    require_ok(status, "writing to", directory_);
  }

  std::vector<Entry> read(event::Stream stream, event::Offset from, event::Offset until,
                          std::size_t bytes_max) override {
    std::vector<Entry> picked;
    std::size_t size_bytes = 0;
    // A long run is read once, by a fold: it would only drive out what others read again.
    const auto rows = iterator(until - from == 1);
    rows->Seek(Key(stream, from).slice());
    for (event::Offset next = from; next < until; ++next, rows->Next()) {
      if (!rows->Valid()) {
        require_ok(rows->status(), "reading", directory_);
        throw damaged_at({stream, next}, "is missing");
      }
      if (position_of(rows->key()) != event::Position{stream, next}) throw damaged_at({stream, next}, "is missing");
      const rocksdb::Slice value = rows->value();
      CHECK(value.size() >= time_bytes);
      const std::size_t record_bytes = value.size() - time_bytes;
      size_bytes += record_bytes;
      if (!picked.empty() && size_bytes > bytes_max) break;
      const auto time = static_cast<std::int64_t>(from_big_endian(value.data(), time_bytes));
      picked.push_back({next, base::Instant{time}, std::string(value.data() + time_bytes, record_bytes)});
    }
    return picked;
  }

  void copy_to(const std::string& directory) override {
    rocksdb::Checkpoint* made = nullptr;
    require_ok(rocksdb::Checkpoint::Create(database_.get(), &made), "copying", directory_);
    const std::unique_ptr<rocksdb::Checkpoint> checkpoint(made);
    require_ok(checkpoint->CreateCheckpoint(directory), "copying", directory_);
  }

 private:
  [[nodiscard]] std::unique_ptr<rocksdb::Iterator> iterator(bool keep_blocks) const {
    rocksdb::ReadOptions read_options;
    read_options.fill_cache = keep_blocks;
    read_options.verify_checksums = true;
    return std::unique_ptr<rocksdb::Iterator>(database_->NewIterator(read_options));
  }

  // A row is written once and never deleted, so the tables have as many as the streams are long: a log between two
  // others that is gone leaves no other trace. At an opening all rows are in tables.
  void require_all(const Ends& ends) const {
    std::uint64_t expected = 0;
    for (const auto& [stream, end] : ends) expected += end;
    rocksdb::TablePropertiesCollection tables;
    require_ok(database_->GetPropertiesOfAllTables(&tables), "reading", directory_);
    std::uint64_t found = 0;
    for (const auto& [name, table] : tables) found += table->num_entries;
    if (found != expected) throw damaged(directory_, fmt::format("it has {} records where its streams have {}", found, expected));
  }

  [[nodiscard]] JournalDamaged damaged_at(event::Position position, std::string_view what) const {
    return damaged(directory_, fmt::format("offset {} of stream {} {}", position.offset, event::to_string(position.stream), what));
  }

  const std::string directory_;
  const std::unique_ptr<rocksdb::DB> database_;
  bool failed_ = false;  // the writer's
};

}  // namespace

namespace {

// RocksDB would begin anew where the file is gone that names all others, and delete those as nobody's.
void require_name_of_tables(const std::string& directory) {
  if (std::filesystem::exists(std::filesystem::path(directory) / "CURRENT")) return;
  for (const auto& file : std::filesystem::directory_iterator(directory)) {
    const auto name = file.path().filename().string();
    if (name.ends_with(".sst") || name.ends_with(".log") || name.starts_with("MANIFEST-")) {
      throw damaged(directory, fmt::format("CURRENT is missing beside {}", name));
    }
  }
}

// Who holds the lock of another process's database; 0 if nobody does any more. Never of this process's own: closing the
// file would give its lock away.
pid_t holder_of(const std::string& directory) {
  const int file = ::open((std::filesystem::path(directory) / "LOCK").c_str(), O_RDWR | O_CLOEXEC);
  if (file < 0) return 0;
  struct flock lock {};
  lock.l_type = F_WRLCK;
  lock.l_whence = SEEK_SET;
  const bool told = ::fcntl(file, F_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
  ::close(file);
  return told ? lock.l_pid : 0;
}

JournalUnavailable taken_already(const std::string& directory, const rocksdb::Status& status) {
  std::string where = "this process";
  if (status.ToString().find("lock hold by current process") == std::string::npos) {
    const auto holder = holder_of(directory);
    where = holder == 0 ? "another process" : fmt::format("another process ({})", holder);
  }
  return {std::make_error_code(std::errc::device_or_resource_busy),
          fmt::format("The journal in {} is open already, in {}: a data directory is for one server, so that one has to be stopped first",
                      directory, where)};
}

}  // namespace

std::unique_ptr<Store> open_rocksdb_store(const std::string& directory, const JournalOptions& options) {
  std::error_code error;
  std::filesystem::create_directories(directory, error);
  if (error) throw JournalUnavailable(error, fmt::format("creating the directory {} of the journal", directory));
  require_name_of_tables(directory);
  rocksdb::DB* opened = nullptr;
  const rocksdb::Status status = rocksdb::DB::Open(database_options(options), directory, &opened);
  std::unique_ptr<rocksdb::DB> database(opened);
  if (is_lock_conflict(status)) throw taken_already(directory, status);
  require_ok(status, "opening", directory);
  return std::make_unique<RocksdbStore>(directory, std::move(database));
}

}  // namespace tamroi::journal
