// What becomes of appends in Kafka when brokers fail: on librdkafka's mock of a cluster, which fails as it is told to.

#include <catch2/catch_test_macros.hpp>
#include <fmt/format.h>
#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>

#include <chrono>
#include <future>
#include <set>
#include <sstream>
#include <thread>

#include "contract/kafka_topics.h"
#include "journal/kafka_appender.h"
#include "journal/kafka_reader.h"
#include "journal/kafka_tail.h"
#include "journal/kafka_tally.h"

namespace tamroi::contract {
namespace {

using journal::Appended;
using journal::KafkaOptions;
using std::chrono::milliseconds;

constexpr event::Stream nan{55};
constexpr int broker = 1;
constexpr std::int16_t produce_request = 0;  // of Kafka's protocol
const std::error_code not_stored = std::make_error_code(std::errc::resource_unavailable_try_again);

rd_kafka_conf_t* quiet() {
  auto* configuration = rd_kafka_conf_new();
  rd_kafka_conf_set(configuration, "log_level", "3", nullptr, 0);
  return configuration;
}

class Cluster {
 public:
  Cluster() : client_(rd_kafka_new(RD_KAFKA_PRODUCER, quiet(), nullptr, 0)), mock_(rd_kafka_mock_cluster_new(client_, 1)) {
    for (const auto& topic : journal::Layout("test", {nan}).topics()) rd_kafka_mock_topic_create(mock_, topic.name.c_str(), topic.partitions, 1);
  }
  ~Cluster() {
    rd_kafka_mock_cluster_destroy(mock_);
    rd_kafka_destroy(client_);
  }
  Cluster(const Cluster&) = delete;
  Cluster& operator=(const Cluster&) = delete;

  [[nodiscard]] std::string address() const { return rd_kafka_mock_cluster_bootstraps(mock_); }
  void down() { rd_kafka_mock_broker_set_down(mock_, broker); }
  void up() { rd_kafka_mock_broker_set_up(mock_, broker); }
  void answer_after(milliseconds time) { rd_kafka_mock_broker_set_rtt(mock_, broker, static_cast<int>(time.count())); }
  void refuse_next(rd_kafka_resp_err_t error) { rd_kafka_mock_push_request_errors(mock_, produce_request, 1, error); }

 private:
  rd_kafka_t* const client_;
  rd_kafka_mock_cluster_t* const mock_;
};

// The parts of the journal, without a look at topics' settings, which the mock has none of.
struct Parts {
  explicit Parts(const Cluster& cluster) {
    options.brokers = cluster.address();
    options.prefix = "test";
    options.provinces = {nan};
    options.append_within = milliseconds(1000);
    options.answer_within = milliseconds(8000);
    options.log = &log;
  }
  std::ostringstream log_text;
  telemetry::Log log{{.out = &log_text}};
  KafkaOptions options;
  journal::Layout layout{"test", {nan}};
};

struct Open {
  explicit Open(const Parts& parts) : tail(parts.options, parts.layout), reader(parts.options), appender(parts.options, parts.layout, tail, reader, tally) {}
  Appended append(std::string bytes) {
    std::promise<Appended> promise;
    appender.append({nan, {}, {7'000'000}, std::move(bytes)}, [&](Appended appended) { promise.set_value(appended); });
    return promise.get_future().get();
  }
  // Again and again while it is certain that it is not stored.
  Appended insist(const std::string& bytes) {
    for (;;) {
      const auto appended = append(bytes);
      if (appended.error != not_stored) return appended;
      std::this_thread::sleep_for(milliseconds(5));
    }
  }
  std::vector<std::string> stored() {
    std::vector<std::string> all;
    for (const auto& entry : tail.of(nan).recent(0, tail.of(nan).end(), std::size_t{1} << 30).entries) all.push_back(entry.bytes);
    return all;
  }

  journal::KafkaTally tally{nullptr};
  journal::KafkaTail tail;
  journal::KafkaReader reader;
  journal::KafkaAppender appender;
};

}  // namespace

TEST_CASE("an append that brokers do not answer ends in time, and is not said to be done; later ones go on") {
  skip_where_librdkafka_cannot_run();
  Cluster cluster;
  Parts parts(cluster);
  Open journal(parts);
  REQUIRE(journal.append("before").offset == 0);
  cluster.down();
  const auto began = std::chrono::steady_clock::now();
  CHECK(journal.append("meanwhile").error);
  CHECK(std::chrono::steady_clock::now() - began < std::chrono::seconds(15));
  cluster.up();
  const auto after = journal.insist("after");
  REQUIRE_FALSE(after.error);
  CHECK(journal.stored().at(after.offset) == "after");
  CHECK(journal.stored().front() == "before");
}

TEST_CASE("an append whose answer was lost is found, and said to be done where it is") {
  skip_where_librdkafka_cannot_run();
  Cluster cluster;
  Parts parts(cluster);
  Open journal(parts);
  REQUIRE(journal.append("before").offset == 0);
  cluster.answer_after(milliseconds(2000));
  std::promise<Appended> promise;
  journal.appender.append({nan, {}, {7'000'000}, "lost"}, [&](Appended appended) { promise.set_value(appended); });
  const auto appended = promise.get_future().get();
  cluster.answer_after(milliseconds(0));
  CHECK_FALSE(appended.error);
  CHECK(appended.offset == 1);
  CHECK(journal.stored() == std::vector<std::string>{"before", "lost"});
  CHECK(parts.log_text.str().find("journal failed") != std::string::npos);
}

TEST_CASE("a producer that came to an end is followed by another") {
  skip_where_librdkafka_cannot_run();
  Cluster cluster;
  Parts parts(cluster);
  Open journal(parts);
  REQUIRE(journal.append("before").offset == 0);
  cluster.refuse_next(RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED);
  CHECK(journal.append("refused").error == not_stored);
  const auto after = journal.insist("after");
  REQUIRE_FALSE(after.error);
  CHECK(after.offset == 1);
  CHECK(journal.stored() == std::vector<std::string>{"before", "after"});
}

TEST_CASE("while a new producer begins nothing overtakes what failed: what waits behind it is refused") {
  skip_where_librdkafka_cannot_run();
  Cluster cluster;
  Parts parts(cluster);
  Open journal(parts);
  REQUIRE(journal.append("before").offset == 0);
  cluster.down();
  std::vector<Appended> outcomes(100);
  {
    std::vector<std::promise<Appended>> promises(100);
    for (int i = 0; i < 100; ++i) {
      journal.appender.append({nan, {}, {7'000'000}, fmt::format("{}", i)}, [&promises, i](Appended appended) { promises[i].set_value(appended); });
    }
    for (int i = 0; i < 100; ++i) outcomes[i] = promises[i].get_future().get();
  }
  cluster.up();
  REQUIRE_FALSE(journal.insist("after").error);
  const auto stored = journal.stored();
  std::multiset<std::string> all(stored.begin(), stored.end());
  for (int i = 0; i < 100; ++i) {
    const auto times = all.count(fmt::format("{}", i));
    INFO(i << ": " << outcomes[i].error.message());
    CHECK(times <= 1);
    if (outcomes[i].error == not_stored) CHECK(times == 0);
    if (!outcomes[i].error) CHECK(stored.at(outcomes[i].offset) == fmt::format("{}", i));
  }
}

TEST_CASE("a queue that is full refuses what comes, and all that comes after it, until half is done") {
  skip_where_librdkafka_cannot_run();
  Cluster cluster;
  Parts parts(cluster);
  parts.options.queue.appends_max = 10;
  Open journal(parts);
  REQUIRE(journal.append("before").offset == 0);
  // Whoever appended is told before it is taken off.
  while (journal.appender.backlog().records != 0) std::this_thread::sleep_for(milliseconds(1));
  cluster.answer_after(milliseconds(300));
  std::atomic<int> stored = 0;
  std::atomic<int> refused = 0;
  std::vector<bool> taken;
  for (int i = 0; i < 30; ++i) {
    taken.push_back(journal.appender.append({nan, {}, {7'000'000}, fmt::format("{}", i)}, [&](Appended appended) {
      appended.error == not_stored ? ++refused : ++stored;
    }));
  }
  CHECK(journal.appender.backlog().full);
  for (int i = 0; i < 30; ++i) CHECK(taken[i] == (i < 10));
  while (stored + refused < 30) std::this_thread::sleep_for(milliseconds(1));
  CHECK(stored == 10);
  cluster.answer_after(milliseconds(0));
  CHECK(journal.insist("after").offset == 11);
}

}  // namespace tamroi::contract
