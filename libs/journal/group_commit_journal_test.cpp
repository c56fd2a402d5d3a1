#include "journal/group_commit_journal.h"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <condition_variable>
#include <deque>
#include <future>
#include <utility>

#include "support/temporary_directory.h"
#include "journal/rocksdb_store.h"

namespace tamroi::journal {
namespace {

constexpr event::Stream nan{55};
constexpr std::size_t no_limit = std::size_t{1} << 30;

enum class Write { Succeeds, FailsStored, FailsLost };

// What goes wrong with the stores of one directory, and what was asked of them.
struct Disk {
  support::TemporaryDirectory directory;
  std::mutex mutex;
  std::condition_variable changed;
  std::deque<Write> next_writes;
  bool can_open = true;
  bool writes_pass = true;
  int writes_begun = 0;
  std::vector<std::size_t> batches;  // sizes of those written
  int opened = 0;
  int writes_of_failed_stores = 0;

  void set(bool Disk::*what, bool value) {
    const std::scoped_lock lock(mutex);
    this->*what = value;
    changed.notify_all();
  }
  void wait_for_writes(int begun) {
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] { return writes_begun >= begun; });
  }
};

class DiskStore final : public Store {
 public:
  explicit DiskStore(Disk& disk) : disk_(disk), store_(open_rocksdb_store(disk.directory.path())) {}

  Ends ends() override { return store_->ends(); }

  void write(std::span<const Placed> batch) override {
    Write what = Write::Succeeds;
    {
      std::unique_lock lock(disk_.mutex);
      ++disk_.writes_begun;
      disk_.changed.notify_all();
      disk_.changed.wait(lock, [this] { return disk_.writes_pass; });
      if (failed_) ++disk_.writes_of_failed_stores;
      disk_.batches.push_back(batch.size());
      if (!disk_.next_writes.empty()) {
        what = disk_.next_writes.front();
        disk_.next_writes.pop_front();
      }
    }
    if (what != Write::FailsLost) store_->write(batch);
    if (what == Write::Succeeds) return;
    failed_ = true;
    throw JournalUnavailable(std::make_error_code(std::errc::resource_unavailable_try_again), "the disk failed");
  }

  std::vector<Entry> read(event::Stream stream, event::Offset from, event::Offset until,
                          std::size_t bytes_max) override {
    return store_->read(stream, from, until, bytes_max);
  }

 private:
  Disk& disk_;
  std::unique_ptr<Store> store_;
  bool failed_ = false;
};

OpenStore opener(Disk& disk) {
  return [&disk] {
    const std::scoped_lock lock(disk.mutex);
    if (!disk.can_open) throw JournalUnavailable(std::make_error_code(std::errc::io_error), "no disk");
    ++disk.opened;
    return std::make_unique<DiskStore>(disk);
  };
}

std::future<Appended> append(Journal& journal, std::string bytes) {
  auto promise = std::make_shared<std::promise<Appended>>();
  auto future = promise->get_future();
  journal.append({nan, {}, {}, std::move(bytes)}, [promise](Appended appended) { promise->set_value(appended); });
  return future;
}

// Until the journal has been opened again.
void append_until_taken(Journal& journal, const std::string& bytes) {
  while (append(journal, bytes).get().error) std::this_thread::yield();
}

std::vector<std::string> texts(Journal& journal) {
  std::vector<std::string> texts;
  for (const Entry& entry : journal.read(nan, 0, no_limit, no_limit)) texts.push_back(entry.bytes);
  return texts;
}

using Texts = std::vector<std::string>;
const auto refused = std::errc::resource_unavailable_try_again;

}  // namespace

TEST_CASE("all that waits is written as one batch") {
  Disk disk;
  GroupCommitJournal journal(opener(disk));
  disk.set(&Disk::writes_pass, false);
  auto first = append(journal, "a");
  disk.wait_for_writes(1);
  std::vector<std::future<Appended>> waiting;
  for (int i = 0; i < 100; ++i) waiting.push_back(append(journal, "b"));
  disk.set(&Disk::writes_pass, true);
  for (auto& future : waiting) REQUIRE_FALSE(future.get().error);
  REQUIRE(disk.batches == std::vector<std::size_t>{1, 100});
}

TEST_CASE("a failed write that was lost is an error, and its offsets are given again") {
  Disk disk;
  GroupCommitJournal journal(opener(disk));
  REQUIRE_FALSE(append(journal, "a").get().error);
  disk.next_writes = {Write::FailsLost};
  const Appended lost = append(journal, "b").get();
  REQUIRE(lost.error);
  REQUIRE(lost.error != refused);
  append_until_taken(journal, "c");
  REQUIRE(texts(journal) == Texts{"a", "c"});
}

TEST_CASE("a failed write that was stored all the same is an error, and appears when the store is open again") {
  Disk disk;
  GroupCommitJournal journal(opener(disk));
  std::promise<event::Offset> appeared;
  journal.on_advance([&, done = false](event::Stream stream) mutable {
    if (!std::exchange(done, true)) appeared.set_value(journal.end(stream));
  });
  disk.next_writes = {Write::FailsStored};
  REQUIRE(append(journal, "a").get().error);
  REQUIRE(appeared.get_future().get() == 1);
  append_until_taken(journal, "b");
  REQUIRE(texts(journal) == Texts{"a", "b"});
}

TEST_CASE("a store whose write failed is never written again") {
  Disk disk;
  GroupCommitJournal journal(opener(disk));
  disk.next_writes = {Write::FailsLost, Write::FailsStored, Write::FailsLost};
  for (int i = 0; i < 20; ++i) append(journal, "x").wait();
  REQUIRE(disk.writes_of_failed_stores == 0);
  append_until_taken(journal, "x");
  REQUIRE(disk.opened == 4);
}

TEST_CASE("what waits behind a failed write is refused and not stored") {
  Disk disk;
  GroupCommitJournal journal(opener(disk));
  disk.set(&Disk::writes_pass, false);
  disk.next_writes = {Write::FailsLost};
  auto failed = append(journal, "a");
  disk.wait_for_writes(1);
  auto behind = append(journal, "b");
  disk.set(&Disk::writes_pass, true);
  REQUIRE(failed.get().error != refused);
  REQUIRE(behind.get().error == refused);
  append_until_taken(journal, "c");
  REQUIRE(texts(journal) == Texts{"c"});
}

TEST_CASE("while the store cannot be opened appends are refused and reads throw, and then it goes on") {
  Disk disk;
  GroupCommitJournal journal(opener(disk));
  append(journal, "a").wait();
  disk.set(&Disk::can_open, false);
  disk.next_writes = {Write::FailsLost};
  append(journal, "b").wait();
  for (int i = 0; i < 3; ++i) REQUIRE(append(journal, "c").get().error == refused);
  REQUIRE(journal.backlog().full);
  REQUIRE(journal.end(nan) == 1);
  REQUIRE_THROWS_AS(journal.read(nan, 0, 1, no_limit), JournalUnavailable);
  disk.set(&Disk::can_open, true);
  append_until_taken(journal, "d");
  REQUIRE(texts(journal) == Texts{"a", "d"});
}

TEST_CASE("closing a journal whose store cannot be opened refuses what waits") {
  Disk disk;
  std::future<Appended> last;
  {
    GroupCommitJournal journal(opener(disk));
    disk.set(&Disk::can_open, false);
    disk.next_writes = {Write::FailsLost};
    append(journal, "a").wait();
    last = append(journal, "b");
  }
  REQUIRE(last.get().error == refused);
}

TEST_CASE("beyond its bound the queue refuses appends, which are not stored") {
  const bool by_count = GENERATE(true, false);
  Disk disk;
  GroupCommitJournal journal(opener(disk), by_count ? QueueLimits{2, 1000} : QueueLimits{1000, 2});
  disk.set(&Disk::writes_pass, false);
  auto first = append(journal, "a");
  disk.wait_for_writes(1);
  auto second = append(journal, "b");
  REQUIRE_FALSE(journal.backlog().full);
  auto third = append(journal, "c");
  auto beyond = append(journal, "d");
  REQUIRE(journal.backlog().full);
  REQUIRE(journal.backlog().records == 2);
  REQUIRE_FALSE(journal.append({nan, {}, {}, ""}, [](Appended) {}));
  auto after = append(journal, "");
  disk.set(&Disk::writes_pass, true);
  REQUIRE_FALSE(first.get().error);
  REQUIRE_FALSE(second.get().error);
  REQUIRE_FALSE(third.get().error);
  REQUIRE(beyond.get().error == refused);
  REQUIRE(after.get().error == refused);
  REQUIRE_FALSE(append(journal, "e").get().error);
  REQUIRE(texts(journal) == Texts{"a", "b", "c", "e"});
}

TEST_CASE("waiting for an append that fails throws") {
  Disk disk;
  GroupCommitJournal journal(opener(disk));
  disk.next_writes = {Write::FailsLost};
  REQUIRE_THROWS_AS(append_and_wait(journal, {nan, {}, {}, "a"}), JournalUnavailable);
}

TEST_CASE("what is written, fails and is refused is counted") {
  Disk disk;
  telemetry::Metrics metrics;
  GroupCommitJournal journal(opener(disk), {}, &metrics);
  REQUIRE_FALSE(append(journal, "abc").get().error);
  disk.set(&Disk::can_open, false);
  disk.next_writes = {Write::FailsLost};
  append(journal, "d").wait();
  REQUIRE(append(journal, "e").get().error == refused);
  const std::string text = metrics.expose();
  for (const char* line : {"tamroi_journal_appended_records_total{kind=\"province\"} 1\n", "tamroi_journal_appended_bytes_total{kind=\"province\"} 3\n",
                           "tamroi_journal_commit_duration_seconds_count 1\n", "tamroi_journal_commit_records_sum 1\n",
                           "tamroi_journal_failures_total 1\n", "tamroi_journal_refused_records_total 1\n", "tamroi_journal_open 0\n"}) {
    CHECK_THAT(text, Catch::Matchers::ContainsSubstring(line));
  }
}

}  // namespace tamroi::journal
