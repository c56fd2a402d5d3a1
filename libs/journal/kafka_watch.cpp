#include "journal/kafka_watch.h"

#include <array>
#include <memory>

#include <librdkafka/rdkafka.h>

namespace tamroi::journal {
namespace {

constexpr std::chrono::seconds between_looks{1};
constexpr int answer_within_ms = 1'000;
constexpr std::array kinds{"province", "control", "ledger", "checkpoints"};

struct ListDeleter {
  void operator()(rd_kafka_topic_partition_list_t* list) const { rd_kafka_topic_partition_list_destroy(list); }
};

}  // namespace

KafkaWatch::KafkaWatch(const KafkaOptions& options, const Layout& layout, KafkaTail& tail, KafkaTally& tally)
    : options_(options), layout_(layout), tail_(tail), tally_(tally), heard_at_(Clock::now()) {
  // What the tail's client tells in the log is enough.
  client_ = make_client(KafkaKind::Consumer, options, {{"isolation.level", "read_uncommitted"}}, logging_to(nullptr));
  thread_ = std::thread([this] { run(); });
}

KafkaWatch::~KafkaWatch() {
  {
    const std::scoped_lock lock(mutex_);
    stopped_ = true;
  }
  wake_.notify_one();
  thread_.join();
}

std::chrono::milliseconds KafkaWatch::unheard() const {
  return std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - heard_at_.load());
}

void KafkaWatch::run() {
  std::unique_lock lock(mutex_);
  do {
    lock.unlock();
    look();
    lock.lock();
  } while (!wake_.wait_for(lock, between_looks, [this] { return stopped_; }));
}

void KafkaWatch::look() {
  look_at_cluster();  // also, so that the client learns who leads now: it would go on asking who did before
  const auto told = ends();
  if (!told.empty()) {
    if (!answered_) tally_.came_back();
    heard_at_ = Clock::now();
    compare(told);
  }
  answered_ = !told.empty();
  tally_.unheard(answered_ ? 0 : std::chrono::duration<double>(unheard()).count());
}

std::map<event::Stream, event::Offset> KafkaWatch::ends() {
  const auto& places = layout_.places();
  const std::unique_ptr<rd_kafka_topic_partition_list_t, ListDeleter> list(rd_kafka_topic_partition_list_new(static_cast<int>(places.size())));
  for (const auto& place : places) {
    rd_kafka_topic_partition_list_add(list.get(), place.topic.c_str(), place.partition)->offset = RD_KAFKA_OFFSET_END;
  }
  // By its times, as everywhere: librdkafka 2.0 waits for ever for watermarks of a broker that has died.
  if (rd_kafka_offsets_for_times(client_.get(), list.get(), answer_within_ms) != RD_KAFKA_RESP_ERR_NO_ERROR) return {};
  std::map<event::Stream, event::Offset> ends;
  for (const auto& place : places) {
    const auto* each = rd_kafka_topic_partition_list_find(list.get(), place.topic.c_str(), place.partition);
    if (each == nullptr || each->err != RD_KAFKA_RESP_ERR_NO_ERROR || each->offset < 0) return {};
    ends[place.stream] = static_cast<event::Offset>(each->offset);
  }
  return ends;
}

void KafkaWatch::compare(const std::map<event::Stream, event::Offset>& ends) {
  std::map<std::string, double, std::less<>> records;
  for (const auto& [stream, end] : ends) {
    if (!tail_.has(stream)) continue;
    const auto has = tail_.of(stream).end();
    if (end > has) records[KafkaTally::kind_of(stream)] += static_cast<double>(end - has);
  }
  for (const char* kind : kinds) {
    if (records[kind] == 0) behind_since_.erase(kind);
    else behind_since_.try_emplace(kind, Clock::now());
    const auto since = behind_since_.find(kind);
    tally_.behind(kind, {records[kind], since == behind_since_.end() ? 0.0 : std::chrono::duration<double>(Clock::now() - since->second).count()});
  }
}

void KafkaWatch::look_at_cluster() {
  const rd_kafka_metadata_t* metadata = nullptr;
  constexpr int all = 0;  // the topics that this client has asked for, not whatever else the brokers have
  if (rd_kafka_metadata(client_.get(), all, nullptr, &metadata, answer_within_ms) != RD_KAFKA_RESP_ERR_NO_ERROR) return;
  KafkaTally::ClusterState state{.brokers = static_cast<double>(metadata->broker_cnt)};
  for (int i = 0; i < metadata->topic_cnt; ++i) {
    const auto& topic = metadata->topics[i];
    if (!std::string_view(topic.topic).starts_with(options_.prefix + ".")) continue;
    for (int j = 0; j < topic.partition_cnt; ++j) {
      state.without_leader += topic.partitions[j].leader < 0 ? 1 : 0;
      state.under_replicated += topic.partitions[j].isr_cnt < topic.partitions[j].replica_cnt ? 1 : 0;
    }
  }
  rd_kafka_metadata_destroy(metadata);
  tally_.state(state);
}

}  // namespace tamroi::journal
