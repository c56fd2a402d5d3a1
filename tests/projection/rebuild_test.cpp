// A generation built from the journal alone has the rows that live projection wrote, byte for byte.

#include "projection/rebuild.h"

#include <catch2/catch_test_macros.hpp>
#include <rocksdb/db.h>

#include <thread>

#include "projection/clock.h"
#include "projection/projection.h"
#include "projection/small_province.h"
#include "readmodel/generations.h"
#include "steward/steward.h"

namespace tamroi::projection {
namespace {

// Every row of a database, by family and key.
std::map<std::string, std::string> rows_of(const std::string& directory) {
  std::vector<std::string> names;
  REQUIRE(rocksdb::DB::ListColumnFamilies({}, directory, &names).ok());
  std::vector<rocksdb::ColumnFamilyDescriptor> families;
  for (const auto& name : names) families.emplace_back(name, rocksdb::ColumnFamilyOptions{});
  std::vector<rocksdb::ColumnFamilyHandle*> opened_families;
  rocksdb::DB* opened = nullptr;
  REQUIRE(rocksdb::DB::OpenForReadOnly({}, directory, families, &opened_families, &opened).ok());
  const std::unique_ptr<rocksdb::DB> db(opened);
  std::map<std::string, std::string> all;
  for (auto* family : opened_families) {
    rocksdb::ReadOptions options;
    const rocksdb::Slice end("\xFF\xFF");  // behind it commits are counted, which a build makes none of
    options.iterate_upper_bound = &end;
    const std::unique_ptr<rocksdb::Iterator> rows(db->NewIterator(options, family));
    for (rows->SeekToFirst(); rows->Valid(); rows->Next()) {
      all[family->GetName() + " " + base::to_hex(rows->key().ToStringView())] = base::to_hex(rows->value().ToStringView());
    }
    REQUIRE(rows->status().ok());
  }
  for (auto* family : opened_families) REQUIRE(db->DestroyColumnFamilyHandle(family).ok());
  return all;
}

void require_same(const std::map<std::string, std::string>& one, const std::map<std::string, std::string>& other) {
  for (const auto& [key, value] : one) {
    INFO(key);
    const auto found = other.find(key);
    REQUIRE(found != other.end());
    REQUIRE(found->second == value);
  }
  for (const auto& [key, value] : other) {
    INFO("only in the second: " << key);
    REQUIRE(one.contains(key));
  }
}

// A country of which one province has a history: controls, their copies and the ledger as a steward writes them.
class Country {
 public:
  explicit Country(std::uint64_t seed, const std::string& directory) {
    const support::ProvinceSize size{.households = 40, .visits_a_month = 3, .plots = 15, .groups = 6, .facts_a_submission = 9};
    const auto made = support::believable_province(support::read_bundle_2565_2(), "24", size, seed);
    for (const auto& record : made.controls) {
      journal::append_and_wait(*journal, {event::control_stream, record.id, record.received_at, event::encode(record)});
    }
    for (const auto& record : made.stream) {
      journal::append_and_wait(*journal, {province, record.id, record.received_at, event::encode(record)});
    }
    const auto model = readmodel::open_read_model(directory);
    telemetry::Metrics metrics;
    const auto clock = make_simulated_clock(made.stream.back().received_at);
    Stamps stamps(*clock);
    Projection live(*journal, *model, log, metrics, {});
    const auto lease = journal::make_held_lease();
    steward::Steward steward(live, *lease, stamps, log, metrics);
    live.start([&] { steward.wake(); });
    steward.start();
    for (int left = 3000; !steward.idle(); --left) {
      REQUIRE(left > 0);
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    steward.stop();
    while (!live.caught_up()) std::this_thread::sleep_for(std::chrono::milliseconds(5));
    REQUIRE(live.stopped_streams().empty());
    live.stop();
  }

  const event::Stream province{24};
  std::unique_ptr<journal::Journal> journal = journal::make_memory_journal();
  std::ostringstream log_text;
  telemetry::Log log{{.out = &log_text}};
};

std::string generation(journal::Journal& journal, const std::string& directory) {
  readmodel::Generations generations(directory);
  const auto next = generations.next();
  readmodel::Build build(generations.path(next), generations.tables(next));
  static_cast<void>(rebuild(journal, build, {}, [](const std::string&) {}));
  generations.make_current(next);
  return generations.path(next);
}

TEST_CASE("a rebuilt generation has the rows that live projection wrote, byte for byte") {
  const std::uint64_t seed = 11;
  const support::TemporaryDirectory live;
  const support::TemporaryDirectory rebuilt;
  const Country country(seed, live.path());
  const auto path = generation(*country.journal, rebuilt.path());
  require_same(rows_of(live.path()), rows_of(path));
}

TEST_CASE("a rebuild names the first record of which something else was published") {
  const support::TemporaryDirectory live;
  const support::TemporaryDirectory rebuilt;
  const Country country(12, live.path());
  // The same journal but for one word of an outcome that its ledger has.
  const auto forged = journal::make_memory_journal();
  for (const auto stream : country.journal->streams()) {
    for (const auto& entry : country.journal->read(stream, 0, SIZE_MAX, SIZE_MAX)) {
      auto bytes = entry.bytes;
      if (stream == event::ledger_stream) {
        auto decoded = event::decode_ledger_entry(bytes);
        REQUIRE(decoded.has_value());
        if (decoded->leaf.stream == country.province && decoded->leaf.offset >= 20) {
          auto outcome = event::decode_outcome(decoded->outcome);
          ++outcome->version;
          decoded->outcome = event::encode(*outcome);
          decoded->leaf.outcome_length = static_cast<std::uint32_t>(decoded->outcome.size());
          decoded->leaf.outcome_sha256 = base::sha256(decoded->outcome);
          bytes = event::encode(*decoded);
        }
      }
      journal::append_and_wait(*forged, {stream, {}, entry.time, bytes});
    }
  }
  try {
    static_cast<void>(generation(*forged, rebuilt.path()));
    FAIL("it was built");
  } catch (const JournalDiffers& differs) {
    CHECK(differs.difference().position == event::Position{country.province, 20});
    INFO(differs.what());
    CHECK(std::string(differs.what()).contains("24:20: the outcome is another than that published"));
  }
  CHECK(readmodel::Generations(rebuilt.path()).current() == 1);
}

}  // namespace
}  // namespace tamroi::projection
