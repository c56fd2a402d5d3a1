#pragma once

#include <memory>

#include "journal/kafka.h"
#include "setup/configuration.h"

namespace tamroi::setup {

// What the embedded journal lives on, and where any journal tells of itself and counts; may be null, must outlive it.
struct JournalSurroundings {
  const memory::Budget* budget = nullptr;
  telemetry::Log* log = nullptr;
  telemetry::Metrics* metrics = nullptr;
};

// The journal that the configuration names. The embedded one is locked: a data directory is for one server. In Kafka it is
// everybody's; the lock of the read model keeps a second server from the data directory then.
[[nodiscard]] std::unique_ptr<journal::Journal> open_journal(const Configuration& configuration, const JournalSurroundings& around);

// The steward's, of the same journal.
[[nodiscard]] std::unique_ptr<journal::Lease> open_lease(const Configuration& configuration, const JournalSurroundings& around);

// Of a journal in Kafka. The brokers hold stamps against their clock only where the clock is real.
[[nodiscard]] journal::KafkaOptions kafka_options(const Configuration& configuration, const JournalSurroundings& around);

}  // namespace tamroi::setup
