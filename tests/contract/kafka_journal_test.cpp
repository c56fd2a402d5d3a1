// What the journal in Kafka keeps besides, on a real broker.

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_exception.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <future>
#include <thread>

#include "contract/kafka_hand.h"
#include "contract/kafka_topics.h"

namespace tamroi::contract {
namespace {

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::MessageMatches;
using journal::append_and_wait;
using journal::Journal;

constexpr event::Stream nan{55};
constexpr std::size_t no_limit = std::size_t{1} << 30;
constexpr std::chrono::seconds within{30};

base::Instant now(std::chrono::seconds later = {}) {
  return {std::chrono::duration_cast<std::chrono::microseconds>((std::chrono::system_clock::now() + later).time_since_epoch()).count()};
}

journal::Append append_of(std::string bytes, base::Instant time = {7'000}) { return {nan, {}, time, std::move(bytes)}; }

std::error_code outcome_of(Journal& journal, journal::Append append) {
  std::promise<journal::Appended> promise;
  journal.append(std::move(append), [&](journal::Appended appended) { promise.set_value(appended); });
  return promise.get_future().get().error;
}

// Looks again and again until the stream's reads throw that it is damaged.
std::string damage_of(Journal& journal) {
  const auto deadline = std::chrono::steady_clock::now() + within;
  while (std::chrono::steady_clock::now() < deadline) {
    try {
      static_cast<void>(journal.read(nan, 0, 1, no_limit));
    } catch (const journal::JournalDamaged& damage) {
      return damage.what();
    } catch (const journal::JournalUnavailable&) {
      continue;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return "none";
}

// A broker says what was set a moment later than it takes it.
std::vector<std::string> some_faults(const KafkaTopics& topics) {
  const auto deadline = std::chrono::steady_clock::now() + within;
  for (;;) {
    auto faults = journal::faults_of_topics(topics.options);
    if (!faults.empty() || std::chrono::steady_clock::now() > deadline) return faults;
  }
}

// Small enough that most of a stream is read from the broker.
KafkaTopics with_little_memory() {
  KafkaTopics topics;
  topics.options.recent_bytes = 64;
  return topics;
}

}  // namespace

TEST_CASE("a journal in Kafka that is opened again has everything, and goes on where it ended") {
  auto topics = with_little_memory();
  for (event::Offset round = 0; round < 3; ++round) {
    const auto journal = topics.open();
    REQUIRE(journal->end(nan) == round * 100);
    for (event::Offset i = 0; i < 100; ++i) REQUIRE(append_and_wait(*journal, append_of(fmt::format("record {}", round * 100 + i))) == round * 100 + i);
  }
  const auto journal = topics.open();
  REQUIRE(journal->streams() == std::vector<event::Stream>{nan});
  const auto entries = journal->read(nan, 0, 1000, no_limit);
  REQUIRE(entries.size() == 300);
  for (std::size_t i = 0; i < entries.size(); ++i) {
    REQUIRE(entries[i].offset == i);
    REQUIRE(entries[i].bytes == fmt::format("record {}", i));
    REQUIRE(entries[i].time.micros == 7'000);
  }
  for (const event::Offset offset : {250U, 3U, 120U, 121U, 0U}) {
    CHECK(journal->read(nan, offset, 1, 0).at(0).bytes == fmt::format("record {}", offset));
    CHECK(journal->read(nan, offset, 20, no_limit).size() == 20);
  }
  CHECK(journal->read(nan, 10, 100, 30).size() == 3);
}

TEST_CASE("who reads a stream at many places at once gets from each what is there") {
  auto topics = with_little_memory();
  const auto journal = topics.open();
  for (int i = 0; i < 400; ++i) append_and_wait(*journal, append_of(fmt::format("record {}", i)));
  std::atomic<int> wrong = 0;
  {
    std::vector<std::jthread> readers;
    for (std::size_t reader = 0; reader < 8; ++reader) {
      readers.emplace_back([&, reader] {
        for (std::size_t next = reader * 40; next < 400;) {
          const auto entries = journal->read(nan, next, 7 + reader, no_limit);
          for (const auto& entry : entries) wrong += entry.bytes == fmt::format("record {}", next++) ? 0 : 1;
        }
      });
    }
  }
  CHECK(wrong == 0);
}

TEST_CASE("two that have a journal open see all that both append, in one order") {
  KafkaTopics topics;
  const auto one = topics.open();
  const auto other = topics.open();
  std::promise<void> all_heard;
  other->on_advance([&, told = false](event::Stream stream) mutable {
    if (!told && other->end(stream) == 200) {
      told = true;
      all_heard.set_value();
    }
  });
  {
    const std::jthread appending([&] {
      for (int i = 0; i < 100; ++i) append_and_wait(*other, append_of(fmt::format("other {}", i)));
    });
    for (int i = 0; i < 100; ++i) append_and_wait(*one, append_of(fmt::format("one {}", i)));
  }
  REQUIRE(all_heard.get_future().wait_for(within) == std::future_status::ready);
  const auto read = [](Journal& journal) {
    std::string all;
    for (const auto& entry : journal.read(nan, 0, 1000, no_limit)) all += entry.bytes + "\n";
    return all;
  };
  while (one->end(nan) < 200) std::this_thread::yield();
  CHECK(read(*one) == read(*other));
  CHECK(std::ranges::count(read(*one), '\n') == 200);
}

TEST_CASE("a key is the record's id, and a stamp its time") {
  KafkaTopics topics;
  const auto journal = topics.open();
  const auto id = base::Uuid::parse("018f5a2e-3c00-7a10-8000-0000000000a1").value();
  append_and_wait(*journal, {nan, id, {1'660'964'400'123'456}, "x"});
  const auto message = KafkaHand(topics.options).message(topics.options.prefix + ".submissions", 2, 0);
  CHECK(message.key == std::string(id.raw()));
  CHECK(message.value == "x");
  CHECK(message.timestamp == 1'660'964'400'123);
  CHECK(message.headers == 0);
}

TEST_CASE("what is wrong with the topics is told, each with what it should be, and nothing is opened") {
  KafkaTopics topics;
  const auto prefix = topics.options.prefix;
  CHECK(journal::faults_of_topics(topics.options).size() == 4);
  CHECK_THROWS_MATCHES(journal::open_kafka_journal(topics.options), journal::JournalUnavailable,
                       MessageMatches(ContainsSubstring(prefix + ".ledger: there is no such topic. Run `tamroi-server topics`")));
  CHECK(journal::create_topics(topics.options).size() == 4);
  CHECK(journal::create_topics(topics.options).empty());
  CHECK(journal::faults_of_topics(topics.options).empty());

  KafkaHand hand(topics.options);
  hand.set(prefix + ".ledger", "retention.ms", "604800000");
  REQUIRE(some_faults(topics).size() == 1);
  CHECK_THROWS_MATCHES(journal::open_kafka_journal(topics.options), journal::JournalUnavailable,
                       MessageMatches(ContainsSubstring(prefix + ".ledger: retention.ms is 604800000, and must be -1")));
  journal::set_topics(topics.options);
  CHECK(journal::faults_of_topics(topics.options).empty());

  auto more = topics.options;
  more.provinces.push_back({57});
  CHECK_THROWS_MATCHES(journal::open_kafka_journal(more), journal::JournalUnavailable, MessageMatches(ContainsSubstring("has 6 partitions, and must have 7")));

  auto bounded = topics.options;
  bounded.stamps_bounded = true;
  CHECK(journal::faults_of_topics(bounded).size() == 4);  // two settings of two topics
}

TEST_CASE("each setting that could lose a record is named when it is another") {
  KafkaTopics topics;
  const auto topic = topics.options.prefix + ".control";
  static_cast<void>(journal::create_topics(topics.options));
  KafkaHand hand(topics.options);
  const std::vector<std::pair<std::string, std::string>> wrong{
      {"cleanup.policy", "compact"},       {"retention.ms", "1000000"},           {"retention.bytes", "1000000"},
      {"max.message.bytes", "1048588"},    {"message.timestamp.type", "LogAppendTime"}, {"min.insync.replicas", "2"},
      {"message.timestamp.after.max.ms", "1000"}, {"message.timestamp.before.max.ms", "60000"},
  };
  for (const auto& [name, value] : wrong) {
    hand.set(topic, name, value);
    const auto faults = some_faults(topics);
    REQUIRE(faults.size() == 1);
    CHECK_THAT(faults.front(), ContainsSubstring(fmt::format("{}: {} is {}, and must be ", topic, name, value)));
    journal::set_topics(topics.options);
  }
}

TEST_CASE("stamps that the brokers refuse are not stored; the clock is at fault where they were just made") {
  KafkaTopics topics;
  topics.options.stamps_bounded = true;
  const auto journal = topics.open();
  CHECK_FALSE(outcome_of(*journal, append_of("now", now())));
  CHECK_FALSE(outcome_of(*journal, append_of("a while ago", now(std::chrono::seconds(-50)))));
  CHECK(journal->trouble().empty());
  CHECK(outcome_of(*journal, append_of("waited", now(std::chrono::seconds(-120)))) == std::errc::resource_unavailable_try_again);
  CHECK(journal->trouble().empty());
  const auto again = [&](std::chrono::seconds later) {
    for (;;) {  // while the producer begins anew, nothing is tried
      if (!journal->backlog().full) return outcome_of(*journal, append_of("stamped", now(later)));
    }
  };
  CHECK(again(std::chrono::seconds(5)) == std::errc::resource_unavailable_try_again);
  CHECK_THAT(journal->trouble(), ContainsSubstring("Set the clocks right"));
  CHECK_FALSE(again({}));
  CHECK(journal->trouble().empty());
  CHECK(journal->end(nan) == 3);
  append_and_wait(*journal, {event::ledger_stream, {}, now(std::chrono::seconds(-3600)), "a ledger's stamp is not held against a clock"});
}

TEST_CASE("a log whose beginning was deleted is refused, with what to do") {
  KafkaTopics topics;
  {
    const auto journal = topics.open();
    for (int i = 0; i < 10; ++i) append_and_wait(*journal, append_of("x"));
    KafkaHand(topics.options).delete_before(topics.options.prefix + ".submissions", 2, 4);
    topics.options.recent_bytes = 1;
  }
  CHECK_THROWS_MATCHES(journal::open_kafka_journal(topics.options), journal::JournalDamaged,
                       MessageMatches(ContainsSubstring("Stream 55 is damaged") && ContainsSubstring("its first 4 records are gone") &&
                                      ContainsSubstring("copy-journal")));
}

TEST_CASE("an offset below the beginning of the log is named while it is read") {
  auto topics = with_little_memory();
  const auto journal = topics.open();
  for (int i = 0; i < 100; ++i) append_and_wait(*journal, append_of("0123456789"));
  KafkaHand(topics.options).delete_before(topics.options.prefix + ".submissions", 2, 40);
  CHECK_THAT(damage_of(*journal), ContainsSubstring("offset 0 is not there; the log begins at 40 and ends at 100"));
}

TEST_CASE("a gap in the offsets stops the stream, and no other") {
  KafkaTopics topics;
  const auto journal = topics.open();
  append_and_wait(*journal, append_of("x"));
  KafkaHand(topics.options).transact(topics.options.prefix + ".submissions", 2, "of a transaction");
  append_and_wait(*journal, {{54}, {}, {7'000}, "another stream"});
  CHECK_THAT(damage_of(*journal), ContainsSubstring("offset 2 is missing: neither transactions nor compaction"));
  CHECK(outcome_of(*journal, append_of("y")));
  CHECK_FALSE(outcome_of(*journal, {{54}, {}, {7'000}, "goes on"}));
}

TEST_CASE("a topic that was deleted is missed, and what is there of it in memory is given no longer") {
  KafkaTopics topics;
  const auto journal = topics.open();
  for (int i = 0; i < 5; ++i) append_and_wait(*journal, append_of("x"));
  KafkaHand hand(topics.options);
  hand.remove(topics.options.prefix + ".submissions");
  CHECK_THAT(damage_of(*journal), ContainsSubstring("is not there any more"));
  CHECK(outcome_of(*journal, append_of("y")));
}

}  // namespace tamroi::contract
