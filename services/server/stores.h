#pragma once

#include "journal/journal.h"
#include "memory/budget.h"
#include "readmodel/read_model.h"
#include "setup/configuration.h"

// How the databases of a data directory are opened: all on one budget of memory.
namespace tamroi::server {

// The log, and the metrics if there are any, must outlive the journal.
[[nodiscard]] journal::JournalOptions journal_options(const setup::Configuration& configuration, const memory::Budget& budget, telemetry::Log& log,
                                                      telemetry::Metrics* metrics);
[[nodiscard]] readmodel::ReadModelOptions read_model_options(const memory::Budget& budget);

}  // namespace tamroi::server
