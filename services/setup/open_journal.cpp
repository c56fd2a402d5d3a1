#include "setup/open_journal.h"

#include "setup/server_directory.h"

namespace tamroi::setup {

std::unique_ptr<journal::Journal> open_journal(const Configuration& configuration, const JournalSurroundings& around) {
  if (configuration.journal_in_kafka) return journal::open_kafka_journal(kafka_options(configuration, around));
  auto options = configuration.journal;
  options.log = around.log;
  options.metrics = around.metrics;
  return journal::open_rocksdb_journal(ServerDirectory{configuration.directory}.journal(), options);
}

journal::KafkaOptions kafka_options(const Configuration& configuration, const JournalSurroundings& around) {
  auto options = configuration.kafka;
  for (const auto& property : configuration.kafka_properties) {
    const auto equals = property.find('=');
    options.properties[property.substr(0, equals)] = property.substr(equals + 1);
  }
  options.stamps_bounded = !configuration.simulated;
  options.queue = configuration.journal.queue;
  options.log = around.log;
  options.metrics = around.metrics;
  return options;
}

}  // namespace tamroi::setup
