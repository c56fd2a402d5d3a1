#pragma once

#include <cstdlib>
#include <fstream>
#include <memory>
#include <random>

#include <catch2/catch_test_macros.hpp>
#include <fmt/format.h>

#include "journal/kafka.h"

namespace tamroi::contract {

// ThreadSanitizer does not know of threads that are made as librdkafka makes its own, and falls over them.
inline void skip_where_librdkafka_cannot_run() {
#if __has_feature(thread_sanitizer)
  SKIP("not under ThreadSanitizer");
#endif
}

// Topics of its own in the cluster of the directory that TAMROI_TEST_KAFKA names (deploy/kafka/start); without one, a test
// that wants them is skipped.
class KafkaTopics {
 public:
  KafkaTopics() {
    skip_where_librdkafka_cannot_run();
    const char* cluster = std::getenv("TAMROI_TEST_KAFKA");
    if (cluster == nullptr) SKIP("TAMROI_TEST_KAFKA names no cluster");
    std::ifstream(std::string(cluster) + "/address") >> options.brokers;
    REQUIRE_FALSE(options.brokers.empty());
    options.prefix = fmt::format("test-{:016x}", (std::uint64_t{std::random_device{}()} << 32) | std::random_device{}());
    options.provinces = {{10}, {54}, {55}, {56}, {99}, {300}};
  }
  std::unique_ptr<journal::Journal> open() {
    static_cast<void>(journal::create_topics(options));
    return journal::open_kafka_journal(options);
  }

  journal::KafkaOptions options;
};

}  // namespace tamroi::contract
