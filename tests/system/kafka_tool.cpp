// tamroi-topics: what tests do to a cluster that the server never does.
//
//   tamroi-topics delete BROKERS PREFIX    deletes the topics of a journal
#include <cstdio>
#include <cstring>
#include <string>
#include <vector>

#include <librdkafka/rdkafka.h>

namespace {

constexpr int within_ms = 30'000;

int delete_topics(const char* brokers, const std::string& prefix) {
  auto* configuration = rd_kafka_conf_new();
  rd_kafka_conf_set(configuration, "bootstrap.servers", brokers, nullptr, 0);
  auto* client = rd_kafka_new(RD_KAFKA_PRODUCER, configuration, nullptr, 0);
  std::vector<rd_kafka_DeleteTopic_t*> topics;
  for (const char* name : {".submissions", ".control", ".ledger", ".checkpoints"}) topics.push_back(rd_kafka_DeleteTopic_new((prefix + name).c_str()));
  auto* queue = rd_kafka_queue_new(client);
  rd_kafka_DeleteTopics(client, topics.data(), topics.size(), nullptr, queue);
  auto* event = rd_kafka_queue_poll(queue, within_ms);
  const bool done = event != nullptr && rd_kafka_event_error(event) == RD_KAFKA_RESP_ERR_NO_ERROR;
  rd_kafka_event_destroy(event);
  rd_kafka_queue_destroy(queue);
  rd_kafka_DeleteTopic_destroy_array(topics.data(), topics.size());
  rd_kafka_destroy(client);
  return done ? 0 : 1;
}

}  // namespace

int main(int count, char** arguments) {
  if (count == 4 && std::strcmp(arguments[1], "delete") == 0) return delete_topics(arguments[2], arguments[3]);
  std::fputs("tamroi-topics delete BROKERS PREFIX\n", stderr);
  return 2;
}
