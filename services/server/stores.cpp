#include "server/stores.h"

namespace tamroi::server {

journal::JournalOptions journal_options(const setup::Configuration& configuration, const memory::Budget& budget, telemetry::Log& log,
                                        telemetry::Metrics* metrics) {
  return {.queue = configuration.journal_queue, .metrics = metrics, .log = &log, .cache = budget.cache(), .buffers = budget.buffers()};
}

readmodel::ReadModelOptions read_model_options(const memory::Budget& budget) { return {.cache = budget.cache(), .buffers = budget.buffers()}; }

}  // namespace tamroi::server
