#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <system_error>
#include <utility>

#include "journal/kafka.h"

struct rd_kafka_s;
struct rd_kafka_queue_s;
struct rd_kafka_topic_s;
struct rd_kafka_message_s;
struct rd_kafka_topic_partition_list_s;

namespace tamroi::journal {

// librdkafka's objects, owned; its errors, translated.
struct KafkaDeleter {
  void operator()(rd_kafka_queue_s* queue) const;
  void operator()(rd_kafka_topic_s* topic) const;
  void operator()(rd_kafka_message_s* message) const;
};
using KafkaQueue = std::unique_ptr<rd_kafka_queue_s, KafkaDeleter>;
using KafkaTopic = std::unique_ptr<rd_kafka_topic_s, KafkaDeleter>;
using KafkaMessage = std::unique_ptr<rd_kafka_message_s, KafkaDeleter>;

// What a client tells of by itself, on the thread that polls it; `log` on any.
struct KafkaEvents {
  std::atomic<bool> quiet = false;
  telemetry::Log* log = nullptr;
  std::function<void(int error, const std::string& why)> failed = {};
  std::function<void(const rd_kafka_message_s& report)> delivered = {};
  std::function<void(int what, rd_kafka_topic_partition_list_s& partitions)> rebalanced = {};  // of a group
};

[[nodiscard]] std::unique_ptr<KafkaEvents> logging_to(telemetry::Log* log);

struct KafkaClientDeleter {
  std::unique_ptr<KafkaEvents> events;
  // librdkafka 2.0 waits for ever for the end of a consumer whose topic was deleted: such a one is left as it is.
  bool abandoned = false;
  void operator()(rd_kafka_s* client);
};
using KafkaClient = std::unique_ptr<rd_kafka_s, KafkaClientDeleter>;

using KafkaSettings = std::map<std::string, std::string>;
enum class KafkaKind : std::uint8_t { Producer, Consumer };

// Throws JournalUnavailable for a setting that librdkafka does not take.
[[nodiscard]] KafkaClient make_client(KafkaKind kind, const KafkaOptions& options, const KafkaSettings& settings,
                                      std::unique_ptr<KafkaEvents> events);

[[nodiscard]] std::error_code code_of(int error);
[[nodiscard]] JournalUnavailable unavailable(int error, const std::string& doing);

// A consumer's partition is read from `offset` on, beside those that it has; or no longer.
void assign(rd_kafka_s& consumer, const Place& place, event::Offset offset);
void unassign(rd_kafka_s& consumer, const Place& place);

// The next offset; the first and the next one. Throw JournalUnavailable.
[[nodiscard]] event::Offset end_of(rd_kafka_s& client, const Place& place, std::chrono::milliseconds within);
[[nodiscard]] std::pair<event::Offset, event::Offset> bounds_of(rd_kafka_s& client, const Place& place, std::chrono::milliseconds within);

// A client fetches for a partition that was just assigned, or whose queue was full, only when it is awake, else after up
// to a second: a question to the partition's broker wakes it. Takes no longer than `within`; may fail unsaid.
void wake(rd_kafka_s& consumer, const Place& place, std::chrono::milliseconds within);

[[nodiscard]] Entry entry_of(const rd_kafka_message_s& message);

// How each damage is told of: what an operator is to do is in the runbook.
[[nodiscard]] JournalDamaged damaged_stream(const Place& place, const std::string& what);

}  // namespace tamroi::journal
