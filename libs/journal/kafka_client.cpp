#include "journal/kafka_client.h"

#include <algorithm>
#include <array>
#include <thread>

#include <fmt/format.h>
#include <librdkafka/rdkafka.h>

namespace tamroi::journal {
namespace {

struct ConfigurationDeleter {
  void operator()(rd_kafka_conf_t* configuration) const { rd_kafka_conf_destroy(configuration); }
};
struct ListDeleter {
  void operator()(rd_kafka_topic_partition_list_t* list) const { rd_kafka_topic_partition_list_destroy(list); }
};
struct ErrorDeleter {
  void operator()(rd_kafka_error_t* error) const { rd_kafka_error_destroy(error); }
};
using PartitionList = std::unique_ptr<rd_kafka_topic_partition_list_t, ListDeleter>;
using Error = std::unique_ptr<rd_kafka_error_t, ErrorDeleter>;

constexpr int warning_level = 4;  // of syslog
constexpr std::chrono::milliseconds between_tries{20};
constexpr std::chrono::milliseconds one_try_least{1000};

// A broker that is away is tried again soon, and one that hangs is given up soon: writes are to go on within 10 s.
const KafkaSettings ordinary{
    {"client.id", "tamroi"},           {"socket.timeout.ms", "6000"},        {"socket.connection.setup.timeout.ms", "5000"},
    {"reconnect.backoff.ms", "50"},    {"reconnect.backoff.max.ms", "1000"}, {"topic.metadata.refresh.fast.interval.ms", "100"},
    {"socket.nagle.disable", "true"},  {"log.connection.close", "false"},    {"topic.metadata.refresh.interval.ms", "60000"},
};

PartitionList one_of(const Place& place, std::int64_t offset) {
  PartitionList list(rd_kafka_topic_partition_list_new(1));
  rd_kafka_topic_partition_list_add(list.get(), place.topic.c_str(), place.partition)->offset = offset;
  return list;
}

void require_ok(const Error& error, const std::string& doing) {
  if (error) throw unavailable(rd_kafka_error_code(error.get()), doing);
}

// Which offset a logical one is. By its times, since librdkafka 2.0 waits for ever for watermarks of a broker that has died.
rd_kafka_resp_err_t ask(rd_kafka_t& client, const Place& place, std::int64_t& offset, std::chrono::milliseconds within) {
  const auto list = one_of(place, offset);
  const auto milliseconds = static_cast<int>(std::max<std::int64_t>(1, within.count()));
  const auto error = rd_kafka_offsets_for_times(&client, list.get(), milliseconds);
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR) return error;
  offset = list->elems[0].offset;
  if (list->elems[0].err != RD_KAFKA_RESP_ERR_NO_ERROR) return list->elems[0].err;
  return offset < 0 ? RD_KAFKA_RESP_ERR__TIMED_OUT : RD_KAFKA_RESP_ERR_NO_ERROR;
}

void learn_leaders(rd_kafka_t& client, std::chrono::milliseconds within) {
  const rd_kafka_metadata_t* metadata = nullptr;
  const auto milliseconds = static_cast<int>(std::max<std::int64_t>(1, within.count()));
  if (rd_kafka_metadata(&client, 1, nullptr, &metadata, milliseconds) == RD_KAFKA_RESP_ERR_NO_ERROR) rd_kafka_metadata_destroy(metadata);
}

// The same, asked again until then.
event::Offset settled(rd_kafka_t& client, const Place& place, std::int64_t logical, std::chrono::steady_clock::time_point deadline) {
  for (;;) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    auto offset = logical;
    const auto error = ask(client, place, offset, std::min(left, std::max(left / 2, one_try_least)));
    if (error == RD_KAFKA_RESP_ERR_NO_ERROR) return static_cast<event::Offset>(offset);
    // A topic just made, or one that has lost its leader, has none for a moment; and who was asked may be the one before.
    if (left <= between_tries) throw unavailable(error, fmt::format("asking Kafka where partition {} of {} ends", place.partition, place.topic));
    learn_leaders(client, std::min(left, one_try_least));
    std::this_thread::sleep_for(between_tries);
  }
}

void log_line(const rd_kafka_t* client, int level, const char*, const char* text) {
  const auto* events = static_cast<const KafkaEvents*>(rd_kafka_opaque(client));
  if (events != nullptr && !events->quiet && events->log != nullptr && level <= warning_level) events->log->warning("kafka", {{"what", text}});
}

void error_of(rd_kafka_t*, int error, const char* why, void* opaque) {
  const auto* events = static_cast<const KafkaEvents*>(opaque);
  if (!events->quiet && events->failed) events->failed(error, why);
}

void report_of(rd_kafka_t*, const rd_kafka_message_t* report, void* opaque) { static_cast<const KafkaEvents*>(opaque)->delivered(*report); }

void rebalance_of(rd_kafka_t*, rd_kafka_resp_err_t what, rd_kafka_topic_partition_list_t* partitions, void* opaque) {
  static_cast<const KafkaEvents*>(opaque)->rebalanced(what, *partitions);
}

}  // namespace

void KafkaClientDeleter::operator()(rd_kafka_s* client) {
  if (!abandoned) return rd_kafka_destroy(client);
  events->quiet = true;
  static_cast<void>(events.release());  // its threads go on
}

void KafkaDeleter::operator()(rd_kafka_queue_s* queue) const { rd_kafka_queue_destroy(queue); }
void KafkaDeleter::operator()(rd_kafka_topic_s* topic) const { rd_kafka_topic_destroy(topic); }
void KafkaDeleter::operator()(rd_kafka_message_s* message) const { rd_kafka_message_destroy(message); }

std::unique_ptr<KafkaEvents> logging_to(telemetry::Log* log) {
  auto events = std::make_unique<KafkaEvents>();
  events->log = log;
  return events;
}

KafkaClient make_client(KafkaKind kind, const KafkaOptions& options, const KafkaSettings& settings, std::unique_ptr<KafkaEvents> events) {
  std::unique_ptr<rd_kafka_conf_t, ConfigurationDeleter> configuration(rd_kafka_conf_new());
  std::array<char, 512> why{};
  auto all = ordinary;
  for (const auto& [name, value] : settings) all[name] = value;
  for (const auto& [name, value] : options.properties) all[name] = value;
  all["bootstrap.servers"] = options.brokers;
  for (const auto& [name, value] : all) {
    if (rd_kafka_conf_set(configuration.get(), name.c_str(), value.c_str(), why.data(), why.size()) == RD_KAFKA_CONF_OK) continue;
    throw JournalUnavailable(std::make_error_code(std::errc::invalid_argument), fmt::format("A property for Kafka is not taken: {}", why.data()));
  }
  rd_kafka_conf_set_opaque(configuration.get(), events.get());
  rd_kafka_conf_set_log_cb(configuration.get(), log_line);
  rd_kafka_conf_set_error_cb(configuration.get(), error_of);
  if (events->delivered) rd_kafka_conf_set_dr_msg_cb(configuration.get(), report_of);
  if (events->rebalanced) rd_kafka_conf_set_rebalance_cb(configuration.get(), rebalance_of);
  auto* const made = rd_kafka_new(kind == KafkaKind::Producer ? RD_KAFKA_PRODUCER : RD_KAFKA_CONSUMER, configuration.get(), why.data(), why.size());
  KafkaClient client(made, {.events = std::move(events)});
  if (!client) {
    throw JournalUnavailable(std::make_error_code(std::errc::invalid_argument), fmt::format("The client of Kafka cannot be made: {}", why.data()));
  }
  static_cast<void>(configuration.release());  // the client's from here on
  return client;
}

std::error_code code_of(int error) {
  switch (error) {
    case RD_KAFKA_RESP_ERR__TIMED_OUT:
    case RD_KAFKA_RESP_ERR__MSG_TIMED_OUT:
    case RD_KAFKA_RESP_ERR__TIMED_OUT_QUEUE: return std::make_error_code(std::errc::timed_out);
    case RD_KAFKA_RESP_ERR__TRANSPORT:
    case RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN:
    case RD_KAFKA_RESP_ERR__RESOLVE: return std::make_error_code(std::errc::not_connected);
    case RD_KAFKA_RESP_ERR__AUTHENTICATION:
    case RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED:
    case RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED: return std::make_error_code(std::errc::permission_denied);
    default: return std::make_error_code(std::errc::io_error);
  }
}

JournalUnavailable unavailable(int error, const std::string& doing) {
  return {code_of(error), fmt::format("{}: {}", doing, rd_kafka_err2str(static_cast<rd_kafka_resp_err_t>(error)))};
}

void assign(rd_kafka_s& consumer, const Place& place, event::Offset offset) {
  const auto list = one_of(place, static_cast<std::int64_t>(offset));
  require_ok(Error(rd_kafka_incremental_assign(&consumer, list.get())), fmt::format("reading {} of {}", place.partition, place.topic));
}

void unassign(rd_kafka_s& consumer, const Place& place) {
  const auto list = one_of(place, 0);
  require_ok(Error(rd_kafka_incremental_unassign(&consumer, list.get())), fmt::format("ceasing to read {} of {}", place.partition, place.topic));
}

event::Offset end_of(rd_kafka_s& client, const Place& place, std::chrono::milliseconds within) {
  return settled(client, place, RD_KAFKA_OFFSET_END, std::chrono::steady_clock::now() + within);
}

std::pair<event::Offset, event::Offset> bounds_of(rd_kafka_s& client, const Place& place, std::chrono::milliseconds within) {
  const auto deadline = std::chrono::steady_clock::now() + within;
  const auto next = settled(client, place, RD_KAFKA_OFFSET_END, deadline);
  return {settled(client, place, RD_KAFKA_OFFSET_BEGINNING, deadline), next};
}

void wake(rd_kafka_s& consumer, const Place& place, std::chrono::milliseconds within) {
  auto end = std::int64_t{RD_KAFKA_OFFSET_END};
  static_cast<void>(ask(consumer, place, end, within));
}

Entry entry_of(const rd_kafka_message_s& message) {
  const auto time = rd_kafka_message_timestamp(&message, nullptr);
  return {static_cast<event::Offset>(message.offset), {time * 1000}, std::string(static_cast<const char*>(message.payload), message.len)};
}

JournalDamaged damaged_stream(const Place& place, const std::string& what) {
  return {std::make_error_code(std::errc::io_error),
          fmt::format("Stream {} is damaged in Kafka (topic {}, partition {}): {}", event::to_string(place.stream), place.topic, place.partition, what)};
}

}  // namespace tamroi::journal
