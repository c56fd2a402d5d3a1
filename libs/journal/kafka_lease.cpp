#include <atomic>
#include <chrono>
#include <mutex>
#include <thread>

#include <fmt/format.h>
#include <librdkafka/rdkafka.h>

#include "journal/kafka_client.h"

namespace tamroi::journal {
namespace {

constexpr int poll_ms = 100;
constexpr std::chrono::seconds held_at_most{6};  // without a sign of life

const KafkaSettings settings_of_lease{
    {"enable.auto.commit", "false"}, {"enable.auto.offset.store", "false"}, {"auto.offset.reset", "error"},
    {"session.timeout.ms", "6000"},  {"heartbeat.interval.ms", "1000"},     {"max.poll.interval.ms", "20000"},
    {"partition.assignment.strategy", "range"},
};

// By Kafka's groups: who is given the ledger's partition has the lease. Nothing is read from it, and nothing committed.
class KafkaLease final : public Lease {
 public:
  explicit KafkaLease(const KafkaOptions& options)
      : ledger_(Layout(options.prefix, options.provinces).place_of(event::ledger_stream)->topic) {
    auto settings = settings_of_lease;
    settings["group.id"] = options.prefix + ".steward";
    auto events = logging_to(options.log);
    events->rebalanced = [this](int what, rd_kafka_topic_partition_list_s& partitions) { rebalanced(what, partitions); };
    client_ = make_client(KafkaKind::Consumer, options, settings, std::move(events));
    rd_kafka_poll_set_consumer(client_.get());
    thread_ = std::thread([this] { run(); });
  }
  ~KafkaLease() override {
    stopped_ = true;
    thread_.join();
  }

  void seek() override { sought_ = true; }
  void resign() override { sought_ = false; }
  bool held() override { return held_; }
  void on_change(std::function<void()> listener) override {
    const std::scoped_lock lock(listener_mutex_);
    listener_ = std::move(listener);
  }

 private:
  using Clock = std::chrono::steady_clock;
  void run();
  void take_part(bool wanted);
  void rebalanced(int what, rd_kafka_topic_partition_list_s& partitions);
  void set_held(bool held);

  const std::string ledger_;
  KafkaClient client_;
  bool takes_part_ = false;  // the thread's
  std::atomic<bool> sought_ = false;
  std::atomic<bool> held_ = false;
  std::atomic<bool> stopped_ = false;
  std::mutex listener_mutex_;
  std::function<void()> listener_ = [] {};
  std::thread thread_;
};

void KafkaLease::run() {
  auto alive_at = Clock::now();
  while (!stopped_) {
    // Who was stopped for so long has lost it, though nobody has told yet.
    if (Clock::now() - alive_at > held_at_most) {
      set_held(false);
      take_part(false);
    }
    alive_at = Clock::now();
    take_part(sought_);
    const KafkaMessage none(rd_kafka_consumer_poll(client_.get(), poll_ms));
  }
  set_held(false);
  rd_kafka_consumer_close(client_.get());  // the next one need not wait until this one is missed
}

void KafkaLease::take_part(bool wanted) {
  if (wanted == takes_part_) return;
  takes_part_ = wanted;
  if (!wanted) {
    rd_kafka_unsubscribe(client_.get());
    return;
  }
  auto* topics = rd_kafka_topic_partition_list_new(1);
  rd_kafka_topic_partition_list_add(topics, ledger_.c_str(), RD_KAFKA_PARTITION_UA);
  const auto error = rd_kafka_subscribe(client_.get(), topics);
  rd_kafka_topic_partition_list_destroy(topics);
  takes_part_ = error == RD_KAFKA_RESP_ERR_NO_ERROR;  // else it is tried again
}

void KafkaLease::rebalanced(int what, rd_kafka_topic_partition_list_s& partitions) {
  if (what != RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS) {
    set_held(false);
    rd_kafka_assign(client_.get(), nullptr);
    return;
  }
  for (int i = 0; i < partitions.cnt; ++i) partitions.elems[i].offset = RD_KAFKA_OFFSET_END;
  rd_kafka_assign(client_.get(), &partitions);
  rd_kafka_pause_partitions(client_.get(), &partitions);
  set_held(partitions.cnt > 0);
}

void KafkaLease::set_held(bool held) {
  if (held_.exchange(held) == held) return;
  const std::scoped_lock lock(listener_mutex_);
  if (listener_) listener_();
}

}  // namespace

std::unique_ptr<Lease> make_kafka_lease(const KafkaOptions& options) { return std::make_unique<KafkaLease>(options); }

}  // namespace tamroi::journal
