#include "setup/settings.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <set>
#include <utility>

#include "audit/keys.h"
#include "setup/value_readers.h"

namespace tamroi::setup {
namespace {

using namespace std::chrono_literals;
using Readers = std::map<std::string, Reader, std::less<>>;

constexpr std::uint64_t million = 1'000'000;
constexpr std::uint64_t kib = 1 << 10;
constexpr std::uint64_t mib = 1 << 20;
constexpr std::uint64_t gib = 1 << 30;

template <class Value>
auto of(Value Configuration::* member) {
  return [member](Configuration& configuration) -> auto& { return configuration.*member; };
}

template <class Whole, class Value>
auto of(Whole Configuration::* whole, Value Whole::* member) {
  return [=](Configuration& configuration) -> auto& { return configuration.*whole.*member; };
}

template <class Value>
auto http(Value http::ServerOptions::* member) {
  return of(&Configuration::http, member);
}

template <class Value>
auto limit(Value http::Limits::* member) {
  return [member](Configuration& configuration) -> auto& { return configuration.http.limits.*member; };
}

template <class Value>
auto deadline(Value http::Deadlines::* member) {
  return [member](Configuration& configuration) -> auto& { return configuration.http.deadlines.*member; };
}

auto rate_of_address(double http::Rate::* member) {
  return [member](Configuration& configuration) -> auto& { return configuration.http.limits.rate_of_address.*member; };
}

// The provinces that this server follows, by their codes.
std::string streams(const YAML::Node& value, Configuration& into) {
  constexpr const char* expected = "codes of provinces are expected, such as [24]";
  if (!value.IsSequence()) return expected;
  std::set<event::Stream> named;
  for (const auto& each : value) {
    const auto stream = each.IsScalar() ? event::parse_stream(each.Scalar()) : std::nullopt;
    if (!stream || *stream <= event::checkpoints_stream) return expected;
    named.insert(*stream);
  }
  into.projection.follows = projection::Follows(std::move(named));
  return {};
}

auto queue(std::size_t journal::QueueLimits::* member) {
  return of(&Configuration::journal_queue, member);
}

auto batch(std::size_t projection::BatchLimits::* member) {
  return [member](Configuration& configuration) -> auto& { return configuration.projection.batch.*member; };
}

// What may be said to librdkafka: who one is and how the line is kept, never what the journal rests on.
bool is_property(const std::string& text) {
  constexpr std::array beginnings{"security.", "sasl.", "ssl.", "enable.ssl.", "client.id=", "client.rack=", "broker.address.", "socket.keepalive."};
  const auto equals = text.find('=');
  const auto begins = [&](const char* beginning) { return text.starts_with(beginning); };
  return equals != std::string::npos && equals + 1 < text.size() && std::ranges::any_of(beginnings, begins);
}

template <class Member>
Reader origin(Member member) {
  return [=](const YAML::Node& value, Configuration& into) -> std::string {
    const bool fits = value.IsScalar() && (value.Scalar().empty() || audit::is_key_name(value.Scalar()));
    if (fits) member(into) = value.Scalar();
    return fits ? "" : "a name such as kpi.example.go.th/log1 is expected, without spaces and \"+\"";
  };
}

template <class Member>
Reader public_key(Member member) {
  return [=](const YAML::Node& value, Configuration& into) -> std::string {
    const bool fits = value.IsScalar() && (value.Scalar().empty() || audit::Verifier::parse(value.Scalar()));
    if (fits) member(into) = value.Scalar();
    return fits ? "" : "a public key is expected, as `tamroi-server log-key` prints it";
  };
}

bool is_host(const std::string& text) { return !text.empty() && text.find_first_of(" /@") == std::string::npos; }

Readers place() {
  using http::ServerOptions;
  return {{"data", text(of(&Configuration::directory))},
          {"catalogue", text(of(&Configuration::catalogue))},
          {"streams", streams},
          {"simulated", yes_or_no(of(&Configuration::simulated))},
          {"address", address(http(&ServerOptions::address))},
          {"port", whole(http(&ServerOptions::port), 0, 65535)},
          {"hosts", texts(http(&ServerOptions::hosts), is_host, "names or addresses")},
          {"trusted_proxies", texts(http(&ServerOptions::trusted_proxies), is_address, "IP addresses")},
          {"threads.http", whole(http(&ServerOptions::threads), 1, 64)},
          {"threads.projection", whole(of(&Configuration::projection, &projection::Projection::Options::threads), 1, 64)},
          {"projection.batch_records", whole(batch(&projection::BatchLimits::records_max), 1, 65'536)},
          {"projection.batch_bytes", bytes(batch(&projection::BatchLimits::bytes_max), 64 * kib, gib)},
          {"projection.bulk_records", whole(of(&Configuration::bulk_records), 1, 1'000 * million)},
          {"threads.reading", whole(of(&Configuration::reading_threads), 1, 64)}};
}

Readers deadlines() {
  using http::Deadlines;
  return {{"deadlines.header", time(deadline(&Deadlines::header), 100ms, 10min)},
          {"deadlines.body_least", time(deadline(&Deadlines::body_least), 100ms, 60min)},
          {"deadlines.body_bytes_per_second", bytes(deadline(&Deadlines::body_bytes_per_second), 1, gib)},
          {"deadlines.idle", time(deadline(&Deadlines::idle), 100ms, 60min)},
          {"deadlines.write", time(deadline(&Deadlines::write), 100ms, 60min)},
          {"deadlines.request", time(deadline(&Deadlines::request), 100ms, 60min)},
          {"deadlines.linger", time(deadline(&Deadlines::linger), 0ms, 1min)},
          {"deadlines.after", time(of(&Configuration::after_max), 0ms, 10min)},
          {"deadlines.wait", time(of(&Configuration::wait_max), 0ms, 10min)},
          {"deadlines.append", time(of(&Configuration::append_max), 100ms, 1min)},
          {"deadlines.stop", time(of(&Configuration::stop_within), 0ms, 10min)}};
}

Readers limits() {
  using http::Limits;
  return {{"limits.connections", whole(limit(&Limits::connections_max), 1, million)},
          {"limits.connections_of_address", whole(limit(&Limits::connections_of_address_max), 1, million)},
          {"limits.connections_behind_proxy", whole(limit(&Limits::connections_with_proxy_max), 1, million)},
          {"limits.requests_of_connection", whole(limit(&Limits::requests_of_connection_max), 1, million)},
          {"limits.requests_of_account", whole(of(&Configuration::requests_of_account_max), 1, million)},
          {"limits.requests_of_forwarded_address", whole(limit(&Limits::requests_of_forwarded_address_max), 1, million)},
          {"limits.rate_of_address.per_second", number(rate_of_address(&http::Rate::per_second), 0, million)},
          {"limits.rate_of_address.burst", number(rate_of_address(&http::Rate::burst), 1, million)},
          {"limits.rate_of_account.per_second", number(of(&Configuration::rate_of_account, &http::Rate::per_second), 0, million)},
          {"limits.rate_of_account.burst", number(of(&Configuration::rate_of_account, &http::Rate::burst), 1, million)},
          {"limits.rates_kept", whole(limit(&Limits::rates_kept_max), 1, 10 * million)},
          {"limits.known_tokens", whole(of(&Configuration::known_tokens_max), 1, million)},
          {"limits.header_bytes", bytes(limit(&Limits::header_bytes_max), 256, 64 * kib)},
          {"limits.header_fields", whole(limit(&Limits::fields_max), 8, 1'000)},
          {"limits.target_bytes", bytes(limit(&Limits::target_bytes_max), 256, 32 * kib)},
          {"limits.bodies_bytes", bytes(limit(&Limits::bodies_bytes_max), mib, 64 * gib)},
          {"limits.lines", whole(of(&Configuration::lines_max), 1, million)},
          {"limits.lines_bytes", bytes(of(&Configuration::lines_bytes_max), kib, gib)},
          {"limits.page_rows", whole(of(&Configuration::page_rows_max), 1, 1'000)},
          {"limits.stream_bytes", bytes(limit(&Limits::stream_bytes_max), kib, gib)}};
}

Readers stores() {
  using memory::BudgetLimits;
  return {{"journal.kind", choice(of(&Configuration::journal_in_kafka), {{"embedded", false}, {"kafka", true}})},
          {"journal.kafka.brokers", text(of(&Configuration::kafka, &journal::KafkaOptions::brokers))},
          {"journal.kafka.topics", text(of(&Configuration::kafka, &journal::KafkaOptions::prefix))},
          {"journal.kafka.properties", texts(of(&Configuration::kafka_properties), is_property, "properties of librdkafka such as security.protocol=SASL_SSL (security., sasl., ssl. and the like)")},
          {"journal.queue_records", whole(queue(&journal::QueueLimits::appends_max), 1, 10 * million)},
          {"journal.queue_bytes", bytes(queue(&journal::QueueLimits::bytes_max), 2 * mib, 64 * gib)},
          {"journal.heads", text(of(&Configuration::heads))},
          {"memory.bytes", bytes(of(&Configuration::memory, &BudgetLimits::bytes), 8 * mib, 1024 * gib)},
          {"memory.buffer_bytes", bytes(of(&Configuration::memory, &BudgetLimits::buffer_bytes), mib, 1024 * gib)},
          {"memory.answers_bytes", bytes(of(&Configuration::answers_bytes_max), 0, 64 * gib)},
          {"feed.recent_bytes", bytes(of(&Configuration::feed_recent_bytes_max), 0, 64 * gib)},
          {"feed.position_every", time(of(&Configuration::feed_position_every), 100ms, 15s)},
          {"feed.share_a_write", time(of(&Configuration::feed_share_a_write), 0ms, 50ms)},
          {"disk.reserve_bytes", bytes(of(&Configuration::disk_reserve_bytes), 0, mib * gib)}};
}

Readers log() {
  return {{"log.format", choice(of(&Configuration::log_format), {{"json", telemetry::LogFormat::Json}, {"text", telemetry::LogFormat::Text}})},
          {"log.least", choice(of(&Configuration::log_least), {{"debug", telemetry::Severity::Debug},
                                                              {"info", telemetry::Severity::Info},
                                                              {"warning", telemetry::Severity::Warning},
                                                              {"error", telemetry::Severity::Error}})},
          {"log.origin", origin(of(&Configuration::origin))},
          {"log.key_file", text(of(&Configuration::key_file))},
          {"log.public_key", public_key(of(&Configuration::public_key))},
          {"log.interval", time(of(&Configuration::sign_every), 100ms, 60min)},
          {"log.witnesses", text_or_none(of(&Configuration::witnesses))},
          {"access.file_bytes", bytes(of(&Configuration::access_file_bytes), 64 * kib, 64 * gib)}};
}

}  // namespace

const std::map<std::string, Reader, std::less<>>& readers() {
  static const Readers all = [] {
    Readers gathered = place();
    for (Readers part : {deadlines(), limits(), stores(), log()}) gathered.merge(part);
    return gathered;
  }();
  return all;
}

}  // namespace tamroi::setup
