#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <string>
#include <thread>

#include "journal/journal.h"
#include "memory/budget.h"
#include "projection/projection.h"
#include "projection/rebuild.h"
#include "readmodel/generations.h"
#include "readmodel/switched_read_model.h"
#include "setup/configuration.h"
#include "telemetry/log.h"

namespace tamroi::server {

// A server that starts with little or nothing of a long journal builds its read model in bulk, which takes a fraction of the
// time that following takes; what came meanwhile is followed then. Until that is done nothing is folded, and what is left of
// an earlier start that was ended is taken over.
//
// Threads: one of its own; the rest from any.
// Errors:  what goes wrong is told of in the log, and the journal is followed from where the read model is: a record that
//          cannot be folded, or an outcome that is not the published one, stops its stream there.
class BulkCatchUp {
 public:
  // The references must outlive it.
  BulkCatchUp(const setup::Configuration& configuration, const memory::Budget& budget, readmodel::Generations& generations,
              readmodel::SwitchedReadModel& model, projection::Projection& projection, telemetry::Log& log);
  ~BulkCatchUp() { stop(); }
  BulkCatchUp(const BulkCatchUp&) = delete;
  BulkCatchUp& operator=(const BulkCatchUp&) = delete;

  // Whether so much is missing that it pays. Asked once, before the projection is started; it is held then.
  [[nodiscard]] bool due();
  void start();
  // Ends soon; what is whole is taken over at the next start.
  void stop();
  // Returns when nothing is under way any more.
  void wait();

  struct UnderWay {
    std::uint64_t records = 0;  // about
    std::uint64_t of_records = 0;
    std::size_t streams = 0;
    std::size_t of_streams = 0;
  };
  [[nodiscard]] bool under_way() const { return under_way_; }
  [[nodiscard]] UnderWay progress() const { return {progress_.records, records_, progress_.streams, streams_}; }

 private:
  void run();
  void build();

  const setup::Configuration& configuration_;
  const memory::Budget& budget_;
  readmodel::Generations& generations_;
  readmodel::SwitchedReadModel& model_;
  projection::Projection& projection_;
  telemetry::Log& log_;
  std::uint64_t records_ = 0;
  std::size_t streams_ = 0;
  projection::RebuildProgress progress_;
  std::atomic<bool> under_way_ = false;
  std::thread thread_;
};

}  // namespace tamroi::server
