#pragma once

#include <memory>

#include "access/access_log.h"
#include "disk/space.h"
#include "feed/feed.h"
#include "gateway/front.h"
#include "gateway/intake.h"
#include "http/server.h"
#include "memory/budget.h"
#include "query/public_log.h"
#include "query/query.h"
#include "query/what_if.h"
#include "readmodel/generations.h"
#include "readmodel/switched_read_model.h"
#include "server/behind.h"
#include "server/bulk_catch_up.h"
#include "server/command_socket.h"
#include "server/maintenance.h"
#include "server/read_model_keeper.h"
#include "server/vitals.h"
#include "setup/configuration.h"
#include "setup/heads.h"
#include "setup/log_key.h"
#include "setup/server_directory.h"
#include "steward/signer.h"
#include "steward/steward.h"
#include "telemetry/log.h"
#include "telemetry/metrics.h"

namespace tamroi::server {

// Which parts a server runs; all project.
struct Roles {
  bool gateway = true;  // takes submissions and controls
  bool query = true;    // answers what is read, the feed too
  bool steward = true;  // copies controls, closes months, publishes to the ledger
};

// What the program is made of, in the order in which data flows.
class Parts {
 public:
  Parts(const setup::Configuration& configuration, const Roles& roles);
  Parts(const Parts&) = delete;
  Parts& operator=(const Parts&) = delete;

  void start();
  // Takes no more requests, answers those in flight, and ends when everything that was taken is durable.
  void stop();

 private:
  [[nodiscard]] std::vector<gateway::Endpoint> endpoints();
  [[nodiscard]] gateway::FrontLimits front_limits();
  void require_same_journal();
  [[nodiscard]] std::string trouble();  // why it must not be sent submissions
  [[nodiscard]] projection::CheckpointStream::Trust trust();
  [[nodiscard]] steward::Signer::Options signer_options();
  [[nodiscard]] std::string log_trouble();  // why the log is not signed as it should be
  [[nodiscard]] bool is_ready();
  [[nodiscard]] bool is_steward();
  [[nodiscard]] bool is_idle();
  [[nodiscard]] http::Response ready();
  std::string run(const std::string& command, std::uint32_t user, const Maintenance::Tell& tell);

  const setup::Configuration configuration_;
  const Roles roles_;
  telemetry::Log log_;
  telemetry::Metrics metrics_;
  disk::Reserve reserve_;
  const memory::Budget budget_;
  std::unique_ptr<journal::Journal> journal_;
  setup::Heads heads_;  // compared before anything else reads the journal
  std::unique_ptr<projection::Clock> clock_;
  const setup::LogKey log_key_;
  const std::optional<audit::Policy> witnesses_;
  projection::Evidence evidence_;
  access::AccessLog accesses_;
  projection::Stamps stamps_;
  readmodel::Generations generations_;
  readmodel::SwitchedReadModel model_;
  projection::Projection projection_;
  BulkCatchUp catch_up_;
  Behind behind_;
  ReadModelKeeper keeper_;
  std::unique_ptr<journal::Lease> lease_;
  steward::Steward steward_;
  steward::Signer signer_;
  gateway::WaitingRoom room_;
  gateway::Intake intake_;
  projection::Cuts cuts_;
  query::Query query_;
  query::PublicLog public_log_;
  query::WhatIf what_if_;
  feed::Feed feed_;
  gateway::Front front_;
  Vitals vitals_;
  http::Server server_;
  const Maintenance::Serving serving_;
  Maintenance maintenance_;
  CommandSocket commands_;
};

}  // namespace tamroi::server
