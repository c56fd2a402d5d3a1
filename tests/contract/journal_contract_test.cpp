// What every implementation of journal::Journal keeps. A new one is added as a factory below.

#include <catch2/catch_template_test_macros.hpp>
#include <catch2/catch_test_macros.hpp>
#include <fmt/format.h>
#include <future>
#include <latch>
#include <map>
#include <mutex>
#include <thread>

#include "contract/kafka_topics.h"
#include "support/temporary_directory.h"
#include "journal/journal.h"

namespace tamroi::contract {
namespace {

using event::Stream;
using journal::Append;
using journal::Appended;
using journal::append_and_wait;
using journal::Entry;
using journal::Journal;

constexpr Stream nan{55};
constexpr Stream phrae{54};
constexpr std::size_t no_limit = std::size_t{1} << 30;

class InMemory {
 public:
  static constexpr bool keeps_micros = true;
  std::unique_ptr<Journal> open() { return journal::make_memory_journal(); }
};

class OnDisk {
 public:
  static constexpr bool keeps_micros = true;
  std::unique_ptr<Journal> open() { return journal::open_rocksdb_journal(directory_.path()); }

 private:
  support::TemporaryDirectory directory_;
};

class InKafka {
 public:
  static constexpr bool keeps_micros = false;
  std::unique_ptr<Journal> open() { return topics_.open(); }

 private:
  KafkaTopics topics_;
};

Append append_of(Stream stream, std::string bytes, std::int64_t micros = 0) {
  return {stream, {}, {micros}, std::move(bytes)};
}

std::vector<std::string> texts(const std::vector<Entry>& entries) {
  std::vector<std::string> texts;
  for (const Entry& entry : entries) texts.push_back(entry.bytes);
  return texts;
}

// Appends all at once and waits for all completions.
std::vector<Appended> append_all(Journal& journal, const std::vector<Append>& appends) {
  std::vector<Appended> results(appends.size());
  std::latch all(static_cast<std::ptrdiff_t>(appends.size()));
  for (std::size_t i = 0; i < appends.size(); ++i) {
    journal.append(appends[i], [&results, &all, i](Appended appended) {
      results[i] = appended;
      all.count_down();
    });
  }
  all.wait();
  return results;
}

}  // namespace

TEMPLATE_TEST_CASE("a new journal is empty", "", InMemory, OnDisk, InKafka) {
  TestType place;
  const auto journal = place.open();
  REQUIRE(journal->streams().empty());
  REQUIRE(journal->end(nan) == 0);
  REQUIRE(journal->read(nan, 0, 10, no_limit).empty());
}

TEMPLATE_TEST_CASE("offsets are dense from 0 in each stream", "", InMemory, OnDisk, InKafka) {
  TestType place;
  const auto journal = place.open();
  for (event::Offset offset = 0; offset < 5; ++offset) {
    REQUIRE(append_and_wait(*journal, append_of(nan, "n")) == offset);
    REQUIRE(append_and_wait(*journal, append_of(phrae, "p")) == offset);
    REQUIRE(journal->end(nan) == offset + 1);
  }
  REQUIRE(journal->end(event::control_stream) == 0);
}

TEMPLATE_TEST_CASE("what was appended is read as it was, with its time", "", InMemory, OnDisk, InKafka) {
  TestType place;
  const auto journal = place.open();
  const std::string bytes("\x00\xFF\x00 record", 10);
  // As fine as each keeps it.
  const std::int64_t micros = TestType::keeps_micros ? 1660964400123456 : 1660964400123000;
  append_and_wait(*journal, append_of(nan, bytes, micros));
  append_and_wait(*journal, append_of(nan, "", TestType::keeps_micros ? -1 : 1000));
  const auto entries = journal->read(nan, 0, 10, no_limit);
  REQUIRE(entries.size() == 2);
  REQUIRE(entries[0].offset == 0);
  REQUIRE(entries[0].bytes == bytes);
  REQUIRE(entries[0].time.micros == micros);
  REQUIRE(entries[1].offset == 1);
  REQUIRE(entries[1].bytes.empty());
  REQUIRE(entries[1].time.micros == (TestType::keeps_micros ? -1 : 1000));
}

TEMPLATE_TEST_CASE("appends of one caller keep their order, and streams do not mix", "", InMemory, OnDisk, InKafka) {
  TestType place;
  const auto journal = place.open();
  std::vector<Append> appends;
  for (int i = 0; i < 1000; ++i) appends.push_back(append_of(i % 3 == 0 ? phrae : nan, fmt::format("{}", i)));
  const auto results = append_all(*journal, appends);
  std::map<Stream, event::Offset> next;
  for (std::size_t i = 0; i < appends.size(); ++i) {
    REQUIRE_FALSE(results[i].error);
    REQUIRE(results[i].offset == next[appends[i].stream]++);
    REQUIRE(texts(journal->read(appends[i].stream, results[i].offset, 1, no_limit)).at(0) == appends[i].bytes);
  }
  REQUIRE(journal->end(nan) == 666);
  REQUIRE(journal->end(phrae) == 334);
}

TEMPLATE_TEST_CASE("reading keeps to its limits, and gives at least one record where there is one", "", InMemory,
                   OnDisk, InKafka) {
  TestType place;
  const auto journal = place.open();
  for (const char* bytes : {"aaaa", "bbbb", "cccc", "dddd"}) append_and_wait(*journal, append_of(nan, bytes));
  append_and_wait(*journal, append_of(Stream{56}, "of the next stream"));
  using Texts = std::vector<std::string>;
  REQUIRE(texts(journal->read(nan, 0, 2, no_limit)) == Texts{"aaaa", "bbbb"});
  REQUIRE(texts(journal->read(nan, 1, 10, no_limit)) == Texts{"bbbb", "cccc", "dddd"});
  REQUIRE(texts(journal->read(nan, 1, 10, 8)) == Texts{"bbbb", "cccc"});
  REQUIRE(texts(journal->read(nan, 1, 10, 7)) == Texts{"bbbb"});
  REQUIRE(texts(journal->read(nan, 1, 10, 0)) == Texts{"bbbb"});
  REQUIRE(journal->read(nan, 0, 0, no_limit).empty());
  REQUIRE(journal->read(nan, 4, 10, no_limit).empty());
  REQUIRE(journal->read(nan, 1000, 10, no_limit).empty());
  REQUIRE(journal->read(phrae, 0, 10, no_limit).empty());
}

TEMPLATE_TEST_CASE("the streams with a record are listed in order of their codes", "", InMemory, OnDisk, InKafka) {
  TestType place;
  const auto journal = place.open();
  const std::vector<Stream> in_order{event::control_stream, event::ledger_stream, Stream{10}, Stream{99}, Stream{300}};
  for (const std::size_t i : {3U, 0U, 4U, 2U, 1U}) append_and_wait(*journal, append_of(in_order[i], "x"));
  REQUIRE(journal->streams() == in_order);
}

TEMPLATE_TEST_CASE("who hears that a record is durable can read it at once", "", InMemory, OnDisk, InKafka) {
  TestType place;
  const auto journal = place.open();
  std::promise<std::pair<event::Offset, std::size_t>> seen;
  journal->append(append_of(nan, "x"), [&](Appended) {
    seen.set_value({journal->end(nan), journal->read(nan, 0, 10, no_limit).size()});
  });
  REQUIRE(seen.get_future().get() == std::pair<event::Offset, std::size_t>{1, 1});
}

TEMPLATE_TEST_CASE("the listener hears of each stream that advanced, after its end did", "", InMemory, OnDisk, InKafka) {
  TestType place;
  const auto journal = place.open();
  std::mutex mutex;
  std::map<Stream, event::Offset> heard;
  std::promise<void> both;
  journal->on_advance([&](Stream stream) {
    const std::scoped_lock lock(mutex);
    const bool before = heard[nan] == 3 && heard[phrae] == 1;
    heard[stream] = journal->end(stream);
    if (!before && heard[nan] == 3 && heard[phrae] == 1) both.set_value();
  });
  append_all(*journal, {append_of(nan, "1"), append_of(nan, "2"), append_of(phrae, "1"), append_of(nan, "3")});
  both.get_future().wait();
  const std::scoped_lock lock(mutex);
  REQUIRE(heard.size() == 2);
}

TEMPLATE_TEST_CASE("of many who append at once, none is lost, doubled or put out of order", "", InMemory, OnDisk, InKafka) {
  constexpr int callers = 8;
  constexpr int each = 500;
  TestType place;
  const auto journal = place.open();
  {
    std::vector<std::jthread> threads;
    for (int caller = 0; caller < callers; ++caller) {
      threads.emplace_back([&journal, caller] {
        std::vector<Append> appends;
        for (int i = 0; i < each; ++i) appends.push_back(append_of(nan, fmt::format("{} {}", caller, i)));
        append_all(*journal, appends);
      });
    }
  }
  REQUIRE(journal->end(nan) == callers * each);
  const auto entries = journal->read(nan, 0, callers * each + 1, no_limit);
  REQUIRE(entries.size() == callers * each);
  std::map<int, int> next;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    REQUIRE(entries[i].offset == i);
    const int caller = entries[i].bytes[0] - '0';
    REQUIRE(entries[i].bytes == fmt::format("{} {}", caller, next[caller]++));
  }
}

TEMPLATE_TEST_CASE("a record of 1.2 MiB is kept whole", "", InMemory, OnDisk, InKafka) {
  TestType place;
  const auto journal = place.open();
  std::string large(1'258'291, '\0');
  for (std::size_t i = 0; i < large.size(); ++i) large[i] = static_cast<char>((i * i) >> 7);
  append_and_wait(*journal, append_of(nan, large));
  append_and_wait(*journal, append_of(nan, "small"));
  REQUIRE(texts(journal->read(nan, 0, 10, no_limit)) == std::vector<std::string>{large, "small"});
  REQUIRE(texts(journal->read(nan, 0, 10, 1000)) == std::vector<std::string>{large});
}

TEMPLATE_TEST_CASE("closing waits for everything appended", "", InMemory, OnDisk, InKafka) {
  TestType place;
  std::atomic<int> durable = 0;
  {
    const auto journal = place.open();
    for (int i = 0; i < 200; ++i) {
      journal->append(append_of(nan, "x"), [&durable](Appended appended) { durable += appended.error ? 0 : 1; });
    }
  }
  REQUIRE(durable == 200);
}

}  // namespace tamroi::contract
