#pragma once

#include <cstdint>
#include <string>

#include "journal/kafka.h"

struct rd_kafka_s;

namespace tamroi::contract {

// What somebody does to a cluster behind the journal's back.
class KafkaHand {
 public:
  explicit KafkaHand(const journal::KafkaOptions& options);
  ~KafkaHand();
  KafkaHand(const KafkaHand&) = delete;
  KafkaHand& operator=(const KafkaHand&) = delete;

  struct Message {
    std::string key;
    std::string value;
    std::int64_t timestamp = 0;
    std::size_t headers = 0;
  };
  [[nodiscard]] Message message(const std::string& topic, int partition, std::int64_t offset);
  void set(const std::string& topic, const std::string& name, const std::string& value);
  void delete_before(const std::string& topic, int partition, std::int64_t offset);
  void remove(const std::string& topic);
  void add_partitions(const std::string& topic, std::size_t count);  // until it has so many
  void append(const std::string& topic, int partition, const std::string& value);
  // One message, and the mark of the transaction's end behind it.
  void transact(const std::string& topic, int partition, const std::string& value);

 private:
  const journal::KafkaOptions options_;
  rd_kafka_s* const client_;
};

}  // namespace tamroi::contract
