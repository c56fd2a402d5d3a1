#pragma once

#include <map>
#include <memory>
#include <string>

#include "projection/control_stream.h"
#include "projection/follows.h"
#include "projection/ledger_stream.h"
#include "projection/province_stream.h"
#include "projection/shared_plans.h"

namespace tamroi::projection {

// Brings another read model up to the journal, on the caller's thread, beside the projection that serves.
class Companion {
 public:
  // The references must outlive it.
  Companion(journal::Journal& journal, readmodel::ReadModel& model, telemetry::Log& log, Follows follows);

  // Folds what is in the journal when it is called.
  void catch_up();

 private:
  void make_provinces();
  void advance(Follower& follower, const std::function<event::Offset()>& next);

  journal::Journal& journal_;
  readmodel::ReadModel& model_;
  telemetry::Log& log_;
  const Follows follows_;
  const std::shared_ptr<SharedPlans> plans_ = std::make_shared<SharedPlans>();
  std::map<std::string, std::unique_ptr<ProvinceStream>> provinces_;
  ControlStream control_;
  LedgerStream ledger_;
};

}  // namespace tamroi::projection
