#include "journal/kafka_tally.h"

#include <librdkafka/rdkafka.h>

namespace tamroi::journal {
namespace {

const char* kind_of_error(int error) {
  switch (error) {
    case RD_KAFKA_RESP_ERR__TIMED_OUT:
    case RD_KAFKA_RESP_ERR__MSG_TIMED_OUT:
    case RD_KAFKA_RESP_ERR__TIMED_OUT_QUEUE:
    case RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT: return "timeout";
    case RD_KAFKA_RESP_ERR__TRANSPORT:
    case RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN:
    case RD_KAFKA_RESP_ERR__RESOLVE: return "connection";
    case RD_KAFKA_RESP_ERR__AUTHENTICATION:
    case RD_KAFKA_RESP_ERR__SSL:
    case RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED:
    case RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED: return "permission";
    case RD_KAFKA_RESP_ERR_INVALID_TIMESTAMP: return "stamp";
    case RD_KAFKA_RESP_ERR__FATAL: return "fatal";
    case RD_KAFKA_RESP_ERR__PURGE_QUEUE:
    case RD_KAFKA_RESP_ERR__PURGE_INFLIGHT: return "purged";
    default: return "other";
  }
}

}  // namespace

KafkaTally::KafkaTally(telemetry::Metrics* metrics)
    : own_(metrics == nullptr ? std::make_unique<telemetry::Metrics>() : nullptr),
      metrics_(metrics == nullptr ? *own_ : *metrics),
      came_back_(metrics_.counter("tamroi_kafka_reconnects_total", "How often brokers answered again after they had not.")),
      unheard_(metrics_.gauge("tamroi_kafka_unheard_seconds", "For how long brokers have not said where streams end; what is shown may be as old.")),
      brokers_(metrics_.gauge("tamroi_kafka_brokers", "Brokers that are there.")),
      without_leader_(metrics_.gauge("tamroi_kafka_partitions_without_leader", "Partitions that cannot be written just now.")),
      under_replicated_(metrics_.gauge("tamroi_kafka_partitions_under_replicated", "Partitions of which a broker has not got everything.")) {
  constexpr const char* meaning = "Errors of records and connections; purged: given up with a producer, and looked for afterwards.";
  for (const char* kind : {"timeout", "connection", "permission", "stamp", "fatal", "purged", "other"}) {
    errors_.emplace(kind, metrics_.counter("tamroi_kafka_errors_total", meaning, {{"kind", kind}}));
  }
  for (const char* kind : {"province", "control", "ledger", "checkpoints"}) behind(kind, {});
}

const char* KafkaTally::kind_of(event::Stream stream) {
  if (stream == event::control_stream) return "control";
  if (stream == event::ledger_stream) return "ledger";
  return stream == event::checkpoints_stream ? "checkpoints" : "province";
}

void KafkaTally::error(int error) { errors_.find(kind_of_error(error))->second.add(); }

void KafkaTally::behind(const char* kind, const Group& group) {
  const telemetry::Labels labels{{"kind", kind}};
  metrics_.gauge("tamroi_kafka_lag_records", "Records that brokers have and this process has not, by the kind of their stream.", labels).set(group.records);
  metrics_.gauge("tamroi_kafka_lag_seconds", "For how long there have been some.", labels).set(group.seconds);
}

void KafkaTally::state(const ClusterState& state) {
  brokers_.set(state.brokers);
  without_leader_.set(state.without_leader);
  under_replicated_.set(state.under_replicated);
}

}  // namespace tamroi::journal
