#include "contract/kafka_hand.h"

#include <map>
#include <stdexcept>

#include <librdkafka/rdkafka.h>

namespace tamroi::contract {
namespace {

constexpr int within_ms = 20'000;

rd_kafka_t* client_of(const journal::KafkaOptions& options, rd_kafka_type_t type, const char* transactional_id = nullptr) {
  auto* configuration = rd_kafka_conf_new();
  rd_kafka_conf_set(configuration, "bootstrap.servers", options.brokers.c_str(), nullptr, 0);
  rd_kafka_conf_set(configuration, "group.id", "hand", nullptr, 0);
  if (transactional_id != nullptr) rd_kafka_conf_set(configuration, "transactional.id", transactional_id, nullptr, 0);
  return rd_kafka_new(type, configuration, nullptr, 0);
}

void require(bool holds, const char* what) {
  if (!holds) throw std::runtime_error(what);
}

// Waits for an operation's answer, whose own errors the tests see in what follows.
void wait_for_answer(rd_kafka_queue_t* queue) {
  auto* event = rd_kafka_queue_poll(queue, within_ms);
  require(event != nullptr && rd_kafka_event_error(event) == RD_KAFKA_RESP_ERR_NO_ERROR, "the cluster was not changed");
  rd_kafka_event_destroy(event);
  rd_kafka_queue_destroy(queue);
}

void require_ok(rd_kafka_error_t* error) {
  if (error != nullptr) throw std::runtime_error(rd_kafka_error_string(error));
}

}  // namespace

KafkaHand::KafkaHand(const journal::KafkaOptions& options) : options_(options), client_(client_of(options, RD_KAFKA_CONSUMER)) {}

KafkaHand::~KafkaHand() { rd_kafka_destroy(client_); }

KafkaHand::Message KafkaHand::message(const std::string& topic, int partition, std::int64_t offset) {
  auto* list = rd_kafka_topic_partition_list_new(1);
  rd_kafka_topic_partition_list_add(list, topic.c_str(), partition)->offset = offset;
  rd_kafka_assign(client_, list);
  rd_kafka_topic_partition_list_destroy(list);
  auto* read = rd_kafka_consumer_poll(client_, within_ms);
  require(read != nullptr && read->err == RD_KAFKA_RESP_ERR_NO_ERROR, "no message there");
  Message message{{static_cast<const char*>(read->key), read->key_len}, {static_cast<const char*>(read->payload), read->len}};
  message.timestamp = rd_kafka_message_timestamp(read, nullptr);
  rd_kafka_headers_t* headers = nullptr;
  if (rd_kafka_message_headers(read, &headers) == RD_KAFKA_RESP_ERR_NO_ERROR) message.headers = rd_kafka_header_cnt(headers);
  rd_kafka_message_destroy(read);
  return message;
}

void KafkaHand::set(const std::string& topic, const std::string& name, const std::string& value) {
  // All of a topic's settings are set at once: those whose defaults differ from the journal's too.
  std::map<std::string, std::string> settings{{"retention.ms", "-1"}, {"max.message.bytes", "2097152"}, {"message.timestamp.after.max.ms", "9223372036854775807"}};
  settings[name] = value;
  auto* resource = rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, topic.c_str());
  for (const auto& [each, its] : settings) rd_kafka_ConfigResource_set_config(resource, each.c_str(), its.c_str());
  auto* queue = rd_kafka_queue_new(client_);
  rd_kafka_AlterConfigs(client_, &resource, 1, nullptr, queue);
  wait_for_answer(queue);
  rd_kafka_ConfigResource_destroy(resource);
}

void KafkaHand::delete_before(const std::string& topic, int partition, std::int64_t offset) {
  auto* list = rd_kafka_topic_partition_list_new(1);
  rd_kafka_topic_partition_list_add(list, topic.c_str(), partition)->offset = offset;
  auto* records = rd_kafka_DeleteRecords_new(list);
  rd_kafka_topic_partition_list_destroy(list);
  auto* queue = rd_kafka_queue_new(client_);
  rd_kafka_DeleteRecords(client_, &records, 1, nullptr, queue);
  wait_for_answer(queue);
  rd_kafka_DeleteRecords_destroy(records);
}

void KafkaHand::remove(const std::string& topic) {
  auto* deleted = rd_kafka_DeleteTopic_new(topic.c_str());
  auto* queue = rd_kafka_queue_new(client_);
  rd_kafka_DeleteTopics(client_, &deleted, 1, nullptr, queue);
  wait_for_answer(queue);
  rd_kafka_DeleteTopic_destroy(deleted);
}

void KafkaHand::add_partitions(const std::string& topic, std::size_t count) {
  auto* partitions = rd_kafka_NewPartitions_new(topic.c_str(), count, nullptr, 0);
  auto* queue = rd_kafka_queue_new(client_);
  rd_kafka_CreatePartitions(client_, &partitions, 1, nullptr, queue);
  wait_for_answer(queue);
  rd_kafka_NewPartitions_destroy(partitions);
}

void KafkaHand::append(const std::string& topic, int partition, const std::string& value) {
  auto* producer = client_of(options_, RD_KAFKA_PRODUCER);
  rd_kafka_producev(producer, RD_KAFKA_VTYPE_TOPIC, topic.c_str(), RD_KAFKA_VTYPE_PARTITION, std::int32_t{partition}, RD_KAFKA_VTYPE_VALUE, value.data(),
                    value.size(), RD_KAFKA_VTYPE_MSGFLAGS, RD_KAFKA_MSG_F_COPY, RD_KAFKA_VTYPE_END);
  require(rd_kafka_flush(producer, within_ms) == RD_KAFKA_RESP_ERR_NO_ERROR, "the message was not stored");
  rd_kafka_destroy(producer);
}

void KafkaHand::transact(const std::string& topic, int partition, const std::string& value) {
  auto* producer = client_of(options_, RD_KAFKA_PRODUCER, topic.c_str());
  require_ok(rd_kafka_init_transactions(producer, within_ms));
  require_ok(rd_kafka_begin_transaction(producer));
  rd_kafka_producev(producer, RD_KAFKA_VTYPE_TOPIC, topic.c_str(), RD_KAFKA_VTYPE_PARTITION, std::int32_t{partition}, RD_KAFKA_VTYPE_VALUE, value.data(),
                    value.size(), RD_KAFKA_VTYPE_MSGFLAGS, RD_KAFKA_MSG_F_COPY, RD_KAFKA_VTYPE_END);
  require_ok(rd_kafka_commit_transaction(producer, within_ms));
  rd_kafka_destroy(producer);
}

}  // namespace tamroi::contract
