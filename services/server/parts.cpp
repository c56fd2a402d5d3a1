#include "server/parts.h"

#include <boost/json.hpp>

#include "reporting/door.h"

namespace tamroi::server {
namespace {

constexpr std::chrono::seconds stop_within{15};

http::ServerOptions server_options(const setup::Configuration& configuration) {
  http::ServerOptions options;
  options.address = configuration.address;
  options.port = configuration.port;
  options.hosts = configuration.hosts;
  options.trusted_proxies = configuration.trusted_proxies;
  options.threads = configuration.http_threads;
  return options;
}

}  // namespace

Parts::Parts(const setup::Configuration& configuration)
    : log_({.least = configuration.log_least, .format = configuration.log_format}),
      journal_(journal::open_rocksdb_journal(setup::ServerDirectory{configuration.directory}.journal())),
      clock_(setup::clock_of(configuration, *journal_)),
      model_(readmodel::open_read_model(setup::ServerDirectory{configuration.directory}.read_model())),
      projection_(*journal_, *model_, log_, metrics_, {.threads = configuration.projection_threads}),
      steward_(projection_, *clock_, log_, metrics_),
      room_(configuration.reading_threads),
      intake_(projection_, *clock_, room_, metrics_),
      query_(projection_),
      feed_(projection_, log_, metrics_),
      front_(projection_, *clock_, room_, endpoints(), {}),
      server_(server_options(configuration), front_, log_, metrics_) {}

void Parts::start() {
  clock_->on_move([this] { steward_.wake(); });
  projection_.start([this] {
    steward_.wake();
    feed_.wake();
  });
  steward_.start();
  feed_.start();
  server_.start();
}

void Parts::stop() {
  server_.stop(stop_within);
  feed_.stop();
  steward_.stop();
  projection_.stop();
  room_.stop();
}

http::Response Parts::ready() {
  boost::json::array stopped;
  for (const auto& [stream, why] : projection_.stopped_streams()) {
    stopped.push_back({{"stream", event::to_string(stream)}, {"offset", why.at}, {"why", why.why}});
  }
  const bool ready = stopped.empty() && projection_.ready();
  const boost::json::object body{{"ready", ready}, {"idle", ready && steward_.idle()}, {"simulated", clock_->simulated()},
                                 {"time", base::to_string(clock_->now())}, {"stopped", std::move(stopped)}};
  return {ready ? 200 : 503, "application/json", boost::json::serialize(body), {}};
}

std::vector<gateway::Endpoint> Parts::endpoints() {
  using gateway::Endpoint;
  using gateway::Intake;
  using gateway::Route;
  using query::Query;
  namespace routes = gateway::routes;
  const auto get = [this](const Route& route, http::Response (Query::*read)(const event::Actor&, const http::Request&, const http::RouteMatch&)) {
    return Endpoint{.route = route, .read = [this, read](const auto& actor, const auto& request, const auto& match) {
      return (query_.*read)(actor, request, match);
    }};
  };
  const auto at_once = [](Endpoint endpoint) {
    endpoint.from_memory = true;
    return endpoint;
  };
  const auto post = [this](const Route& route, void (Intake::*take)(const event::Actor&, http::Request, http::Responder)) {
    return Endpoint{.route = route, .post = [this, take](const auto& actor, auto request, auto respond) {
      (intake_.*take)(actor, std::move(request), std::move(respond));
    }};
  };
  const auto own = [](const Route& route, std::function<http::Response()> read) {
    return Endpoint{.route = route, .read = [read = std::move(read)](const auto&, const auto&, const auto&) { return read(); }};
  };
  Endpoint feed{.route = routes::feed, .post = [this](const auto& actor, auto request, auto respond) {
    feed_.open(actor, std::move(request), std::move(respond));
  }};
  auto submit = post(routes::submit, &Intake::submit);
  submit.body_bytes_max = [](const http::Request& head) {
    return gateway::brings_lines(head) ? gateway::lines_bytes_max : reporting::body_bytes_max;
  };
  return {
      own(routes::liveness, [] { return http::Response{200, "application/json", R"({"healthy":true})", {}}; }),
      own(routes::readiness, [this] { return ready(); }),
      own(routes::metrics, [this] { return http::Response{200, "text/plain; version=0.0.4; charset=utf-8", metrics_.expose(), {}}; }),
      std::move(submit),
      get(routes::submission, &Query::submission),
      post(routes::send_control, &Intake::control),
      get(routes::control, &Query::control),
      get(routes::accounts, &Query::accounts),
      at_once(get(routes::units, &Query::units)),
      at_once(get(routes::unit, &Query::unit)),
      at_once(get(routes::results, &Query::results)),
      get(routes::indicator, &Query::indicator),
      get(routes::history, &Query::history),
      get(routes::facts, &Query::facts),
      at_once(get(routes::levels, &Query::levels)),
      std::move(feed),
  };
}

}  // namespace tamroi::server
