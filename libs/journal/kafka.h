#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "journal/journal.h"
#include "journal/lease.h"
#include "journal/partitions.h"

namespace tamroi::journal {

struct KafkaOptions {
  std::string brokers = {};                             // "host:port", with commas
  std::string prefix = "tamroi";                        // of the topics' names
  std::vector<event::Stream> provinces = provinces_by_partition();
  std::map<std::string, std::string> properties = {};   // of librdkafka, by its own names: security and the like
  bool stamps_bounded = false;                          // the broker refuses stamps that are not of about now
  std::chrono::milliseconds append_within{50'000};      // of submissions and controls: then the outcome is unknown
  std::chrono::milliseconds publish_within{300'000};    // the same of the ledger and the checkpoints
  std::chrono::milliseconds answer_within{10'000};      // of a read
  std::size_t recent_bytes = std::size_t{2} << 20;      // of a stream's newest records, kept in memory
  QueueLimits queue = {};
  telemetry::Metrics* metrics = nullptr;                // where it counts; must outlive it
  telemetry::Log* log = nullptr;                        // where it tells of failures; must outlive it
  bool operator==(const KafkaOptions&) const = default;
};

// The journal over Apache Kafka: topics and settings as record.md says. Any number of processes may have it open; each
// sees what all of them append.
//
// Times are kept to the millisecond, which is what Kafka's CreateTime is.
// An append whose outcome Kafka does not tell is looked for among what is stored since; only what is found is said to be
// durable, and only what Kafka says it does not have is said to be not stored.
// Throws JournalUnavailable where brokers do not answer or topics are not as they should be, with a sentence for each
// thing that is wrong, and JournalDamaged where records are missing.
[[nodiscard]] std::unique_ptr<Journal> open_kafka_journal(const KafkaOptions& options);

// The lease of those who have that journal open. Within about 6 s of the end of who holds it, another gets it.
[[nodiscard]] std::unique_ptr<Lease> make_kafka_lease(const KafkaOptions& options);

// Makes the topics that are not there yet, with their settings. Says what was made.
[[nodiscard]] std::vector<std::string> create_topics(const KafkaOptions& options);
// What is wrong with the topics, a sentence each: one that is missing, its partitions, replicas, a setting. None where
// all is as it should be.
[[nodiscard]] std::vector<std::string> faults_of_topics(const KafkaOptions& options);
// Gives all topics the settings that they should have, after a copy was verified.
void set_topics(const KafkaOptions& options);

}  // namespace tamroi::journal
