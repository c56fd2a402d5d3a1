#include "steward/steward.h"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <sstream>
#include <thread>

#include "base/sha256.h"
#include "event/ledger_entry.h"
#include "journal/group_commit_journal.h"
#include "journal/rocksdb_store.h"
#include "reporting/system_records.h"
#include "support/files.h"
#include "support/temporary_directory.h"

namespace tamroi::steward {
namespace {

constexpr std::size_t in_flight_max = 8192;  // the steward's
const base::Instant morning = base::parse_instant("2022-08-01T02:00:00Z").value();

enum class Fault { Lost, StoredAllTheSame };

// The first write with an entry of the ledger waits, and then fails.
struct Disk {
  std::mutex mutex;
  std::condition_variable changed;
  Fault fault = Fault::Lost;
  std::size_t held = 0;  // records of the write that waits
  bool released = false;
  bool failed = false;

  [[nodiscard]] std::size_t wait_for_the_write() {
    std::unique_lock lock(mutex);
    changed.wait(lock, [this] { return held > 0; });
    return held;
  }
  void release() {
    const std::scoped_lock lock(mutex);
    released = true;
    changed.notify_all();
  }
};

class FailingStore final : public journal::Store {
 public:
  FailingStore(Disk& disk, const std::string& directory) : disk_(disk), store_(journal::open_rocksdb_store(directory)) {}
  journal::Ends ends() override { return store_->ends(); }
  void write(std::span<const journal::Placed> batch) override {
    const bool publishes = std::ranges::any_of(batch, [](const auto& each) { return each.append->stream == event::ledger_stream; });
    if (!publishes || disk_.failed) return store_->write(batch);
    std::unique_lock lock(disk_.mutex);
    disk_.held = batch.size();
    disk_.changed.notify_all();
    disk_.changed.wait(lock, [this] { return disk_.released; });
    disk_.failed = true;
    if (disk_.fault == Fault::StoredAllTheSame) store_->write(batch);
    throw journal::JournalUnavailable(std::make_error_code(std::errc::io_error), "the disk failed");
  }
  std::vector<journal::Entry> read(event::Stream stream, event::Offset from, event::Offset until, std::size_t bytes_max) override {
    return store_->read(stream, from, until, bytes_max);
  }

 private:
  Disk& disk_;
  std::unique_ptr<journal::Store> store_;
};

// A steward over a journal of many controls that nobody has copied yet.
struct Office {
  Office() {
    append(reporting::publish_catalogue("2565-2", support::read_bundle_2565_2(), morning));
    control(R"("type": "round_opened", "revision": 1)");
  }
  ~Office() { projection.stop(); }

  void control(const std::string& members) {
    event::Record record{event::Kind::Control, base::Uuid::from_digest(base::sha256(members)), morning, {"m", "ministry_officer", "TH"}, "", 0, 0};
    record.body = fmt::format(R"({{"id": "{}", "round": "2565-2", "reason": "-", {}}})", record.id.to_string(), members);
    append(record);
  }
  void append(const event::Record& record) {
    journal::append_and_wait(journal, {event::control_stream, record.id, record.received_at, event::encode(record)});
  }
  void start() {
    projection.start([this] { steward.wake(); });
    while (!projection.caught_up()) std::this_thread::yield();
    steward.start();
  }

  support::TemporaryDirectory directory;
  Disk disk;
  journal::GroupCommitJournal journal{[this] { return std::make_unique<FailingStore>(disk, directory.path() + "/journal"); }};
  std::ostringstream log_text;
  telemetry::Log log{{.out = &log_text}};
  telemetry::Metrics metrics;
  std::unique_ptr<readmodel::ReadModel> model = readmodel::open_read_model(directory.path() + "/readmodel");
  projection::Projection projection{journal, *model, log, metrics, {}};
  std::unique_ptr<projection::Clock> clock = projection::make_simulated_clock(morning);
  projection::Stamps stamps{*clock};
  std::unique_ptr<journal::Lease> lease = journal::make_held_lease();
  Steward steward{projection, *lease, stamps, log, metrics};
};

// A lease that is given and taken by hand.
class HandedLease final : public journal::Lease {
 public:
  void seek() override {}
  void resign() override {}
  bool held() override { return held_; }
  void on_change(std::function<void()> listener) override { listener_ = std::move(listener); }
  void set(bool held) {
    held_ = held;
    if (listener_) listener_();
  }

 private:
  std::atomic<bool> held_ = false;
  std::function<void()> listener_;
};

// One of several on a journal in memory.
struct Node {
  explicit Node(journal::Journal& journal) : projection{journal, *model, log, metrics, {}} {}
  ~Node() {
    steward.stop();
    projection.stop();
  }
  void start() {
    projection.start([this] { steward.wake(); });
    steward.start();
  }
  void rest() {
    while (!steward.idle()) std::this_thread::yield();
  }

  support::TemporaryDirectory directory;
  std::ostringstream log_text;
  telemetry::Log log{{.out = &log_text}};
  telemetry::Metrics metrics;
  std::unique_ptr<readmodel::ReadModel> model = readmodel::open_read_model(directory.path());
  projection::Projection projection;
  std::unique_ptr<projection::Clock> clock = projection::make_simulated_clock(morning);
  projection::Stamps stamps{*clock};
  HandedLease lease;
  Steward steward{projection, lease, stamps, log, metrics};
};

}  // namespace

TEST_CASE("a steward that is given the lease goes on where the one before ended, and writes nothing once more") {
  const auto journal = journal::make_memory_journal();
  const auto append = [&](const event::Record& record) {
    journal::append_and_wait(*journal, {event::control_stream, record.id, record.received_at, event::encode(record)});
  };
  append(reporting::publish_catalogue("2565-2", support::read_bundle_2565_2(), morning));
  Node first(*journal);
  Node second(*journal);
  first.start();
  first.lease.set(true);
  first.rest();
  const auto published = journal->end(event::ledger_stream);
  REQUIRE(published > 0);
  first.lease.set(false);
  append(reporting::grant_account("a", "auditor", "TH", std::string(64, '0'), morning));
  while (!first.projection.caught_up()) std::this_thread::yield();
  second.start();  // from here on the journal tells only this one of what comes
  while (!second.projection.caught_up()) std::this_thread::yield();
  // Nobody has the lease now: what came waits.
  CHECK(journal->end(event::ledger_stream) == published);
  second.lease.set(true);
  second.rest();
  CHECK(journal->end(event::ledger_stream) == published + 1);
}

TEST_CASE("behind an entry of the ledger that failed the steward stores nothing, and then writes what is missing once") {
  const auto fault = GENERATE(Fault::Lost, Fault::StoredAllTheSame);
  Office office;
  office.disk.fault = fault;
  // So many that their copies are still being appended when the first entry fails.
  const std::size_t targets = in_flight_max / 77 + 10;
  for (std::size_t n = 0; n < targets; ++n) {
    office.control(fmt::format(R"("type": "target_set", "unit": "24", "indicator": 7, "measure": "grade_a", "value": {}, )"
                               R"("letter": {{"number": "1", "issued_on": "2022-07-01"}})", n));
  }
  office.start();
  const auto held = office.disk.wait_for_the_write();
  while (office.journal.backlog().records + held < in_flight_max) std::this_thread::yield();
  office.disk.release();
  while (!office.steward.idle()) std::this_thread::yield();
  office.steward.stop();
  const auto numbered = office.projection.control().with_fold([](const auto& fold) { return fold.numbered().size(); });
  REQUIRE(numbered == targets + 2);
  event::Offset published = office.journal.end(event::control_stream);
  for (const auto* province : office.projection.provinces()) {
    REQUIRE(office.journal.end(province->stream()) == numbered);
    published += numbered;
  }
  REQUIRE(office.journal.end(event::ledger_stream) == published);
}

}  // namespace tamroi::steward
