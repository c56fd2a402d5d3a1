#include "server/bulk_catch_up.h"

#include <chrono>
#include <stdexcept>

#include "projection/same_journal.h"
#include "server/stores.h"

namespace tamroi::server {

BulkCatchUp::BulkCatchUp(const setup::Configuration& configuration, const memory::Budget& budget, readmodel::Generations& generations,
                         readmodel::SwitchedReadModel& model, projection::Projection& projection, telemetry::Log& log)
    : configuration_(configuration), budget_(budget), generations_(generations), model_(model), projection_(projection), log_(log) {}

bool BulkCatchUp::due() {
  auto& journal = projection_.journal();
  std::uint64_t missing = 0;
  for (const auto stream : journal.streams()) {
    if (stream == event::control_stream || stream == event::ledger_stream || stream == event::checkpoints_stream || !projection_.follows().has(stream)) continue;
    const auto end = journal.end(stream);
    const auto next = model_.next(stream);
    records_ += end;
    missing += end > next ? end - next : 0;
    ++streams_;
  }
  // All of it is built, so following is quicker where half of it is there.
  return missing >= configuration_.bulk_records && missing * 2 >= records_;
}

void BulkCatchUp::start() {
  under_way_ = true;
  thread_ = std::thread([this] { run(); });
}

void BulkCatchUp::stop() {
  progress_.stopped = true;
  if (thread_.joinable()) thread_.join();
}

void BulkCatchUp::wait() { under_way_.wait(true); }

void BulkCatchUp::run() {
  try {
    projection_.switch_read_model([this] { build(); });
    model_.wait_for_one();
    generations_.tidy();
  } catch (const projection::RebuildStopped&) {
    log_.info("catching up was stopped", {{"streams", std::uint64_t{progress_.streams}}, {"of", std::uint64_t{streams_}}});
  } catch (const std::exception& failure) {
    log_.error("catching up in bulk failed; the journal is followed from where the read model is", {{"why", failure.what()}});
  }
  under_way_ = false;
  under_way_.notify_all();
}

void BulkCatchUp::build() {
  const auto began = std::chrono::steady_clock::now();
  const auto next = generations_.next();
  log_.info("catching up in bulk", {{"records", records_}, {"streams", std::uint64_t{streams_}}, {"generation", std::uint64_t{next}}});
  readmodel::Build build(generations_.path(next), generations_.tables(next), read_model_options(budget_));
  const auto totals = projection::rebuild(projection_.journal(), build,
                                          {.threads = configuration_.projection.threads, .follows = projection_.follows(), .progress = &progress_},
                                          [](const std::string&) {});
  auto built = readmodel::open_read_model(generations_.path(next), read_model_options(budget_));
  // Tables that an earlier start left may be of a journal that is another now.
  if (const auto why = projection::parted_from(projection_.journal(), *built); !why.empty()) throw std::runtime_error(why);
  generations_.replace_current(next);
  model_.use(std::move(built));
  const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - began);
  log_.info("caught up in bulk", {{"records", totals.records}, {"facts", totals.facts}, {"streams_taken_over", std::uint64_t{totals.taken_over}},
                                  {"milliseconds", static_cast<std::uint64_t>(took.count())}});
}

}  // namespace tamroi::server
