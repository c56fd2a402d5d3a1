#include "readmodel/database.h"

#include <fmt/format.h>
#include <rocksdb/cache.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/merge_operator.h>
#include <rocksdb/slice_transform.h>
#include <rocksdb/table.h>
#include <rocksdb/utilities/checkpoint.h>
#include <rocksdb/write_buffer_manager.h>

#include <algorithm>
#include <filesystem>

#include "base/bytes.h"
#include "readmodel/durable_file.h"

namespace tamroi::readmodel {
namespace {

// Any change of KEYS.md or of how a fold is saved needs the next number.
constexpr int layout = 6;

constexpr std::size_t own_cache_bytes = std::size_t{256} << 20;
constexpr std::size_t own_buffer_bytes = std::size_t{256} << 20;

// Each family counts the commits, and the last commit says how many there were: see KEYS.md.
const std::string commits_key = "\xFF\xFF" "commits";
const std::string last_key = "\xFF\xFF" "last";

std::string bytes_of(std::uint64_t number) { return base::ByteWriter().u64(number).take(); }
std::uint64_t number_of(std::string_view bytes) { return base::ByteReader(bytes).u64(); }

class Sum final : public rocksdb::AssociativeMergeOperator {
 public:
  bool Merge(const rocksdb::Slice&, const rocksdb::Slice* before, const rocksdb::Slice& more, std::string* sum, rocksdb::Logger*) const override {
    const auto number = [](const rocksdb::Slice& slice) { return number_of({slice.data(), slice.size()}); };
    *sum = bytes_of((before == nullptr ? 0 : number(*before)) + number(more));
    return true;
  }
  [[nodiscard]] const char* Name() const override { return "tamroi.sum"; }
};

constexpr std::array<const char*, families> names = {"default", "facts", "earlier_facts", "latest", "submissions", "records", "outcomes", "history",
                                                     "changes", "ledger", "digests", "tree", "own_history", "sent"};

rocksdb::DBOptions database_options(const std::shared_ptr<rocksdb::WriteBufferManager>& buffers) {
  rocksdb::DBOptions options;
  options.create_if_missing = true;
  options.create_missing_column_families = true;
  options.wal_recovery_mode = rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords;
  options.paranoid_checks = true;
  // What an opening has to replay: a family that is seldom written would keep the logs of all the others. It also keeps
  // this database below its share of buffers that it has in common with others.
  options.max_total_wal_size = buffers->buffer_size() / 8 * 5;
  options.max_open_files = 1024;
  options.max_background_jobs = 2;
  options.write_buffer_manager = buffers;
  options.info_log_level = rocksdb::WARN_LEVEL;
  options.keep_log_file_num = 4;
  options.max_log_file_size = std::size_t{16} << 20;
  return options;
}

std::error_code code_of(const rocksdb::Status& status) {
  return std::make_error_code(status.IsNoSpace() ? std::errc::no_space_on_device : std::errc::io_error);
}

}  // namespace

rocksdb::ColumnFamilyOptions family_options(Family family, const std::shared_ptr<rocksdb::Cache>& cache) {
  rocksdb::ColumnFamilyOptions options;
  options.compression = rocksdb::kLZ4Compression;
  options.bottommost_compression = rocksdb::kLZ4Compression;
  if (family == Family::Tree) options.compression = options.bottommost_compression = rocksdb::kNoCompression;  // nothing but hashes
  options.level_compaction_dynamic_level_bytes = true;
  // Keys come from everywhere, so what is compacted is rewritten whole: seldom, then. Filters answer for the tables that wait.
  options.max_bytes_for_level_base = std::size_t{2} << 30;
  options.level0_file_num_compaction_trigger = 8;
  options.level0_slowdown_writes_trigger = 24;
  options.level0_stop_writes_trigger = 40;
  rocksdb::BlockBasedTableOptions table;
  table.format_version = 5;
  table.block_size = std::size_t{16} * 1024;
  table.block_cache = cache;
  table.cache_index_and_filter_blocks = true;
  table.pin_l0_filter_and_index_blocks_in_cache = true;
  // Most look-ups are for ids that were never seen: a filter answers them without a read.
  if (family == Family::Facts || family == Family::Submissions) {
    table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));
    options.memtable_whole_key_filtering = true;
    options.memtable_prefix_bloom_size_ratio = 0.1;
    options.memtable_insert_with_hint_prefix_extractor.reset(rocksdb::NewFixedPrefixTransform(sizeof(event::Stream::code)));
  }
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  options.merge_operator = std::make_shared<Sum>();
  return options;
}

std::string_view name_of(Family family) { return names.at(static_cast<std::size_t>(family)); }

std::string Database::layout_name() { return fmt::format("layout {} fold {}\n", layout, reporting::fold_version); }

bool Database::fits(const std::string& directory) {
  const auto written = text_of(std::filesystem::path(directory) / "LAYOUT");
  return written == layout_name() || (written.empty() && !std::filesystem::exists(directory));
}

Database::Database(std::string directory, const ReadModelOptions& options) : directory_(std::move(directory)) {
  std::error_code error;
  // What was written under another layout, or by another fold, is of no use.
  if (!fits(directory_)) std::filesystem::remove_all(directory_, error);
  if (!error) std::filesystem::create_directories(directory_, error);
  if (error) throw ReadModelUnavailable(error, fmt::format("preparing the directory {} of the read model", directory_));
  open(options);
  if (const auto layout_file = std::filesystem::path(directory_) / "LAYOUT"; !std::filesystem::exists(layout_file)) write_durably(layout_file, layout_name());
}

Database::~Database() {
  // So that the next opening finds nothing to replay; where it fails, it replays. After a failure nothing more is written.
  if (!failed_) static_cast<void>(db_->Flush({}, opened_));
  close();
}

void Database::close() {
  for (auto* family : opened_) db_->DestroyColumnFamilyHandle(family);
  static_cast<void>(db_->Close());
}

void Database::open(const ReadModelOptions& options) {
  const auto cache = options.cache == nullptr ? rocksdb::NewLRUCache(own_cache_bytes) : options.cache;
  const auto buffers = options.buffers == nullptr ? std::make_shared<rocksdb::WriteBufferManager>(own_buffer_bytes, cache) : options.buffers;
  std::vector<rocksdb::ColumnFamilyDescriptor> descriptors;
  for (std::size_t i = 0; i < families; ++i) {
    auto family = family_options(static_cast<Family>(i), cache);
    // A memory table's own filter and blocks follow from it: also the least of all families must fit.
    family.write_buffer_size = std::min(family.write_buffer_size, buffers->buffer_size() / 6);
    descriptors.emplace_back(names[i], family);
  }
  rocksdb::DB* db = nullptr;
  require(rocksdb::DB::Open(database_options(buffers), directory_, descriptors, &opened_, &db));
  db_.reset(db);
  try {
    require_all_commits();
  } catch (const ReadModelUnavailable&) {
    close();
    throw;
  }
}

void Database::require_all_commits() {
  std::string value;
  commits_ = get(Family::State, last_key, value) ? number_of(value) : 0;
  for (std::size_t i = 0; i < families; ++i) {
    const std::uint64_t counted = get(static_cast<Family>(i), commits_key, value) ? number_of(value) : 0;
    if (counted != commits_) require(rocksdb::Status::Corruption(fmt::format("{} has {} of {} commits, so a log is missing", names[i], counted, commits_)));
  }
}

bool Database::get(Family family, const std::string& key, std::string& value) {
  const auto status = db_->Get({}, of(family), key, &value);
  if (status.IsNotFound()) return false;
  require(status);
  return true;
}

std::unique_ptr<rocksdb::Iterator> Database::iterator(Family family) {
  return std::unique_ptr<rocksdb::Iterator>(db_->NewIterator({}, of(family)));
}

void Database::write(rocksdb::WriteBatch& batch) {
  // Not synchronised: after a power cut the model is an earlier whole state, and the journal has the rest.
  const std::scoped_lock lock(commits_mutex_);
  for (std::size_t i = 0; i < families; ++i) require(batch.Merge(opened_[i], commits_key, bytes_of(1)));
  require(batch.Put(of(Family::State), last_key, bytes_of(commits_ + 1)));
  const auto status = db_->Write({}, &batch);
  if (!status.ok()) failed_ = true;
  require(status);
  ++commits_;
}

void Database::copy_to(const std::string& directory) {
  rocksdb::Checkpoint* made = nullptr;
  require(rocksdb::Checkpoint::Create(db_.get(), &made));
  const std::unique_ptr<rocksdb::Checkpoint> checkpoint(made);
  require(checkpoint->CreateCheckpoint(directory));
  write_durably(std::filesystem::path(directory) / "LAYOUT", layout_name());
}

std::uint64_t Database::property(const std::string& name) {
  std::uint64_t value = 0;
  return db_->GetAggregatedIntProperty(name, &value) ? value : 0;
}

std::uint64_t Database::property_of_one(const std::string& name) {
  std::uint64_t value = 0;
  return db_->GetIntProperty(of(Family::Facts), name, &value) ? value : 0;
}

void Database::require(const rocksdb::Status& status) const {
  if (status.ok()) return;
  // Also where a file is missing that others name; nothing but damage asks for a path that is not there.
  if (status.IsCorruption() || status.IsPathNotFound()) {
    throw ReadModelDamaged(std::make_error_code(std::errc::io_error),
                           fmt::format("The read model in {} is damaged: {}. Stop the server, remove that directory and start again: it is "
                                       "then built anew from the journal", directory_, status.ToString()));
  }
  throw ReadModelUnavailable(code_of(status), fmt::format("the read model in {}: {}", directory_, status.ToString()));
}

}  // namespace tamroi::readmodel
