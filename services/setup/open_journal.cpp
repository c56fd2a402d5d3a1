#include "setup/open_journal.h"

#include "setup/server_directory.h"

namespace tamroi::setup {

std::unique_ptr<journal::Journal> open_journal(const Configuration& configuration, const JournalSurroundings& around) {
  if (configuration.journal_in_kafka) return journal::open_kafka_journal(kafka_options(configuration, around));
  journal::JournalOptions options{.queue = configuration.journal_queue, .metrics = around.metrics, .log = around.log};
  if (around.budget != nullptr) {
    options.cache = around.budget->cache();
    options.buffers = around.budget->buffers();
  }
  return journal::open_rocksdb_journal(ServerDirectory{configuration.directory}.journal(), options);
}

std::unique_ptr<journal::Lease> open_lease(const Configuration& configuration, const JournalSurroundings& around) {
  return configuration.journal_in_kafka ? journal::make_kafka_lease(kafka_options(configuration, around)) : journal::make_held_lease();
}

journal::KafkaOptions kafka_options(const Configuration& configuration, const JournalSurroundings& around) {
  auto options = configuration.kafka;
  for (const auto& property : configuration.kafka_properties) {
    const auto equals = property.find('=');
    options.properties[property.substr(0, equals)] = property.substr(equals + 1);
  }
  options.stamps_bounded = !configuration.simulated;
  options.queue = configuration.journal_queue;
  options.log = around.log;
  options.metrics = around.metrics;
  return options;
}

}  // namespace tamroi::setup
