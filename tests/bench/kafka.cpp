// What librdkafka alone does with a topic: consumes all of it, or produces what one topic holds into another.
//
//   tamroi-bench-kafka consume BROKERS TOPIC
//   tamroi-bench-kafka produce BROKERS TOPIC OTHER    the other has at least as many partitions
//   tamroi-bench-kafka echo BROKERS TOPIC TIMES       one message after the other, until another client has it
#include <algorithm>
#include <array>
#include <chrono>
#include <iostream>
#include <stdexcept>
#include <string>
#include <vector>

#include <boost/json.hpp>
#include <librdkafka/rdkafka.h>

#include "bench/conditions.h"

namespace tamroi::bench {
namespace {

constexpr int within_ms = 30'000;
constexpr std::size_t at_once = 10'000;
using Settings = std::vector<std::pair<const char*, const char*>>;

struct Message {
  std::int32_t partition;
  std::string key;
  std::string value;
};

rd_kafka_t* client_of(const std::string& brokers, rd_kafka_type_t type, const Settings& settings) {
  auto* configuration = rd_kafka_conf_new();
  std::array<char, 500> why{};
  rd_kafka_conf_set(configuration, "bootstrap.servers", brokers.c_str(), nullptr, 0);
  for (const auto& [name, value] : settings) {
    if (rd_kafka_conf_set(configuration, name, value, why.data(), why.size()) != RD_KAFKA_CONF_OK) throw std::runtime_error(why.data());
  }
  return rd_kafka_new(type, configuration, nullptr, 0);
}

int partitions_of(rd_kafka_t* client, const std::string& topic) {
  const rd_kafka_metadata_t* metadata = nullptr;
  if (rd_kafka_metadata(client, 1, nullptr, &metadata, within_ms) != RD_KAFKA_RESP_ERR_NO_ERROR) throw std::runtime_error("no metadata");
  int count = 0;
  for (int i = 0; i < metadata->topic_cnt; ++i) {
    if (topic == metadata->topics[i].topic) count = metadata->topics[i].partition_cnt;
  }
  rd_kafka_metadata_destroy(metadata);
  if (count == 0) throw std::runtime_error("there is no topic " + topic);
  return count;
}

// Every message of a topic, to its end.
template <typename Take>
void consume(const std::string& brokers, const std::string& topic, Take take) {
  auto* client = client_of(brokers, RD_KAFKA_CONSUMER,
                           {{"group.id", "bench"}, {"enable.auto.commit", "false"}, {"enable.partition.eof", "true"}, {"auto.offset.reset", "error"},
                            {"check.crcs", "true"}, {"queued.min.messages", "1000000"}, {"fetch.message.max.bytes", "8388608"}});
  rd_kafka_poll_set_consumer(client);
  const int partitions = partitions_of(client, topic);
  auto* list = rd_kafka_topic_partition_list_new(partitions);
  for (int i = 0; i < partitions; ++i) rd_kafka_topic_partition_list_add(list, topic.c_str(), i)->offset = 0;
  rd_kafka_assign(client, list);
  rd_kafka_topic_partition_list_destroy(list);
  auto* queue = rd_kafka_queue_get_consumer(client);
  std::vector<rd_kafka_message_t*> batch(at_once);
  for (int left = partitions; left > 0;) {
    const auto count = rd_kafka_consume_batch_queue(queue, 10, batch.data(), batch.size());
    for (ssize_t i = 0; i < count; ++i) {
      if (batch[i]->err == RD_KAFKA_RESP_ERR_NO_ERROR) {
        take(*batch[i]);
      } else if (batch[i]->err == RD_KAFKA_RESP_ERR__PARTITION_EOF) {
        --left;
      } else {
        throw std::runtime_error(rd_kafka_message_errstr(batch[i]));
      }
      rd_kafka_message_destroy(batch[i]);
    }
  }
  rd_kafka_queue_destroy(queue);
  rd_kafka_destroy(client);
}

// As the journal's own producer is set.
void produce(const std::string& brokers, const std::string& topic, const std::vector<Message>& messages) {
  auto* client = client_of(brokers, RD_KAFKA_PRODUCER,
                           {{"enable.idempotence", "true"}, {"acks", "all"}, {"linger.ms", "0"}, {"compression.codec", "lz4"}, {"message.max.bytes", "2097152"},
                            {"queue.buffering.max.messages", "65536"}, {"socket.nagle.disable", "true"}});
  for (const auto& message : messages) {
    const auto put = [&] {
      return rd_kafka_producev(client, RD_KAFKA_VTYPE_TOPIC, topic.c_str(), RD_KAFKA_VTYPE_PARTITION, message.partition, RD_KAFKA_VTYPE_KEY, message.key.data(),
                               message.key.size(), RD_KAFKA_VTYPE_VALUE, message.value.data(), message.value.size(), RD_KAFKA_VTYPE_END);
    };
    while (put() == RD_KAFKA_RESP_ERR__QUEUE_FULL) rd_kafka_poll(client, 1);
    rd_kafka_poll(client, 0);
  }
  if (rd_kafka_flush(client, within_ms) != RD_KAFKA_RESP_ERR_NO_ERROR) throw std::runtime_error("not everything was produced");
  rd_kafka_destroy(client);
}

// Milliseconds from a message to another client that has it, one after the other, in order.
std::vector<double> echo(const std::string& brokers, const std::string& topic, std::size_t times) {
  auto* producer = client_of(brokers, RD_KAFKA_PRODUCER, {{"enable.idempotence", "true"}, {"acks", "all"}, {"linger.ms", "0"}, {"socket.nagle.disable", "true"}});
  auto* consumer = client_of(brokers, RD_KAFKA_CONSUMER, {{"group.id", "bench"}, {"enable.auto.commit", "false"}, {"fetch.wait.max.ms", "100"}});
  rd_kafka_poll_set_consumer(consumer);
  auto* list = rd_kafka_topic_partition_list_new(1);
  rd_kafka_topic_partition_list_add(list, topic.c_str(), 0)->offset = RD_KAFKA_OFFSET_TAIL(0);
  rd_kafka_assign(consumer, list);
  rd_kafka_topic_partition_list_destroy(list);
  const std::string body(400, 'x');
  std::vector<double> took;
  for (std::size_t i = 0; i <= times; ++i) {
    const Stopwatch watch;
    // The first may come before the consumer knows where the end is: it is sent again.
    rd_kafka_message_t* message = nullptr;
    while (message == nullptr) {
      rd_kafka_producev(producer, RD_KAFKA_VTYPE_TOPIC, topic.c_str(), RD_KAFKA_VTYPE_PARTITION, 0, RD_KAFKA_VTYPE_VALUE, body.data(), body.size(), RD_KAFKA_VTYPE_END);
      message = rd_kafka_consumer_poll(consumer, i == 0 ? 1000 : within_ms);
    }
    rd_kafka_message_destroy(message);
    took.push_back(watch.elapsed().wall * 1000);
    rd_kafka_poll(producer, 0);
  }
  rd_kafka_destroy(producer);
  rd_kafka_destroy(consumer);
  took.erase(took.begin());
  std::ranges::sort(took);
  return took;
}

void run_echo(const std::vector<std::string>& words) {
  const auto took = echo(words.at(1), words.at(2), std::stoul(words.at(3)));
  const auto at = [&](double share) { return took.at(std::min(took.size() - 1, static_cast<std::size_t>(static_cast<double>(took.size()) * share))); };
  std::cout << boost::json::serialize(boost::json::object{{"p50", at(0.5)}, {"p99", at(0.99)}, {"max", took.back()}}) << "\n";
}

void run(const std::vector<std::string>& words) {
  if (words.at(0) == "echo") return run_echo(words);
  std::size_t count = 0;
  std::size_t bytes = 0;
  std::vector<Message> messages;
  const bool consumes = words.at(0) == "consume";
  Stopwatch watch;
  consume(words.at(1), words.at(2), [&](const rd_kafka_message_t& message) {
    ++count;
    bytes += message.len;
    if (consumes) return;
    const auto* key = static_cast<const char*>(message.key);
    messages.push_back({message.partition, {key, key + message.key_len}, {static_cast<const char*>(message.payload), message.len}});
  });
  if (!consumes) {
    watch = Stopwatch();
    produce(words.at(1), words.at(3), messages);
  }
  const auto took = watch.elapsed().wall;
  std::cout << boost::json::serialize(boost::json::object{{"messages", count}, {"bytes", bytes}, {"seconds", took}, {"messages_per_second", static_cast<double>(count) / took},
                                                          {"mib_per_second", static_cast<double>(bytes) / took / (1 << 20)}})
            << "\n";
}

}  // namespace
}  // namespace tamroi::bench

int main(int count, char** arguments) {
  try {
    tamroi::bench::run({arguments + 1, arguments + count});
    return 0;
  } catch (const std::exception& error) {
    std::cerr << error.what() << "\n";
    return 1;
  }
}
