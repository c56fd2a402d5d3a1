#include "server/parts.h"

#include <stdexcept>

#include <boost/json.hpp>
#include <fmt/format.h>

#include "projection/same_journal.h"
#include "reporting/door.h"
#include "server/stores.h"
#include "query/accesses.h"
#include "setup/open_journal.h"
#include "setup/witnesses.h"

namespace tamroi::server {
namespace {

using setup::Configuration;
using setup::ServerDirectory;

http::ServerOptions http_options(const Configuration& configuration) {
  auto options = configuration.http;
  options.methods = {};  // the front knows which a path takes
  return options;
}

gateway::IntakeLimits intake_limits(const Configuration& configuration) {
  return {configuration.lines_max, configuration.lines_bytes_max, configuration.wait_max, configuration.append_max};
}

feed::FeedOptions feed_options(const Configuration& configuration) {
  return {configuration.feed_recent_bytes_max, configuration.feed_share_a_write, configuration.feed_position_every};
}

}  // namespace

Parts::Parts(const Configuration& configuration, const Roles& roles)
    : configuration_(configuration),
      roles_{roles.gateway, roles.query, roles.steward && configuration.projection.follows.all()},
      log_({.least = configuration.log_least, .format = configuration.log_format}),
      reserve_(configuration.directory, configuration.disk_reserve_bytes),
      budget_(configuration.memory),
      journal_(setup::open_journal(configuration, {.budget = &budget_, .log = &log_, .metrics = &metrics_})),
      heads_(ServerDirectory{configuration.directory}.heads(configuration), *journal_, log_),
      clock_(setup::clock_of(configuration, *journal_)),
      log_key_(setup::read_log_key(configuration)),
      witnesses_(setup::read_witnesses(configuration, log_key_)),
      evidence_(ServerDirectory{configuration.directory}.evidence(), log_, metrics_),
      accesses_({ServerDirectory{configuration.directory}.access(), configuration.access_file_bytes}, log_, metrics_),
      stamps_(*clock_),
      generations_(ServerDirectory{configuration.directory}.read_model()),
      model_(readmodel::open_current(generations_, read_model_options(budget_))),
      projection_(*journal_, model_, log_, metrics_, configuration.projection, trust()),
      catch_up_(configuration_, budget_, generations_, model_, projection_, log_),
      behind_(projection_, *clock_),
      keeper_(projection_, model_, log_, metrics_,
              [this] { return readmodel::open_read_model(generations_.path(generations_.current()), read_model_options(budget_)); }),
      lease_(setup::open_lease(configuration, {.log = &log_})),
      steward_(projection_, *lease_, stamps_, log_, metrics_),
      signer_(projection_, *lease_, *clock_, log_, metrics_, signer_options()),
      room_(configuration.reading_threads),
      intake_(projection_, stamps_, room_, metrics_, intake_limits(configuration)),
      cuts_(projection_, stamps_, configuration.journal_in_kafka && !clock_->simulated()),
      query_(projection_, cuts_, configuration.page_rows_max, configuration.answers_bytes_max),
      public_log_(projection_),
      what_if_(projection_, log_),
      feed_(projection_, *clock_, log_, metrics_, feed_options(configuration)),
      front_(projection_, *clock_, room_, log_, endpoints(), front_limits()),
      vitals_(metrics_, {projection_, *clock_, feed_, budget_, configuration.directory, [this] { return is_ready(); }, [this] { return is_steward(); }}, TAMROI_VERSION),
      server_(http_options(configuration), front_, log_, metrics_),
      serving_{projection_, model_},
      maintenance_(configuration_, budget_, *journal_, generations_, accesses_, log_, &serving_),
      commands_(ServerDirectory{configuration.directory}.socket(), log_,
                [this](const std::string& command, std::uint32_t user, const auto& tell) { return run(command, user, tell); }) {}

projection::CheckpointStream::Trust Parts::trust() {
  projection::CheckpointStream::Trust trust{.key = log_key_.known, .evidence = &evidence_};
  if (witnesses_) trust.is_cosigned = [this](const std::string& note) { return witnesses_->open(note).has_value(); };
  return trust;
}

steward::Signer::Options Parts::signer_options() {
  if (!log_key_.secret) return {};
  const auto& key = log_key_.secret->verifier();
  const auto file = ServerDirectory{configuration_.directory}.key_file(configuration_);
  return {.key = log_key_.secret,
          .last_signed = fmt::format("{}.{:08x}.signed", file.string(), key.key_id()),
          .restored = ServerDirectory{configuration_.directory}.restored(),
          .every = configuration_.sign_every,
          .policy = witnesses_,
          .note_use = [this](const audit::Checkpoint& checkpoint) {
            const auto what = fmt::format("{} {} {}", checkpoint.origin, checkpoint.size, audit::to_base64(checkpoint.root));
            return accesses_.note({clock_->now(), {"system", "system", "TH"}, "sign", what, 0, {}});
          }};
}

gateway::FrontLimits Parts::front_limits() {
  gateway::FrontLimits limits{.account_rate = configuration_.rate_of_account, .account_requests_max = configuration_.requests_of_account_max,
                              .after_max = configuration_.after_max, .rates_kept_max = configuration_.http.limits.rates_kept_max,
                              .known_tokens_max = configuration_.known_tokens_max};
  limits.note = [this](const gateway::Route& route, const event::Actor& actor, const http::Request& request, int status) {
    auto of = request.path;
    for (const auto& [name, value] : request.query) of += fmt::format("{}{}={}", of.size() == request.path.size() ? "?" : "&", name, value);
    return accesses_.note({clock_->now(), actor, std::string(route.act), std::move(of), status, request.request_id});
  };
  limits.takes_nothing = [this]() -> std::string_view {
    return reserve_.reached(std::chrono::steady_clock::now()) ? "The disk is nearly full, so nothing is taken just now; send it later." : "";
  };
  limits.behind = [this] { return behind_.told(); };
  return limits;
}

void Parts::start() {
  require_same_journal();
  heads_.start();
  clock_->on_move([this] { steward_.wake(); });
  const bool in_bulk = catch_up_.due();
  if (in_bulk) projection_.hold();
  projection_.start([this] {
    steward_.wake();
    feed_.wake();
  });
  if (in_bulk) catch_up_.start();
  behind_.start();
  keeper_.start();
  if (roles_.steward) {
    steward_.start();
    signer_.start();
  }
  if (roles_.query) feed_.start();
  server_.start();
  commands_.start();
}

void Parts::require_same_journal() {
  const auto why = projection::parted_from(*journal_, model_);
  if (why.empty()) return;
  throw std::runtime_error(fmt::format("The read model does not follow from this journal: {}. If records that were durable are lost, restore what has them: "
                                       "a backup, or the cluster. If the journal is meant to be another, remove {} and start again: it is built anew.",
                                       why, ServerDirectory{configuration_.directory}.read_model()));
}

void Parts::stop() {
  // What was sent before the stop is folded long before that, but for a stream that is stopped.
  projection_.waiters().end_by(projection::Waiters::Clock::now() + configuration_.stop_within / 5);
  server_.stop(configuration_.stop_within);
  catch_up_.stop();  // before the commands, which may wait for it
  keeper_.stop();    // the same
  commands_.stop();
  behind_.stop();
  feed_.stop();
  signer_.stop();
  what_if_.stop();
  steward_.stop();
  projection_.stop();
  room_.stop();
  heads_.stop();
}

std::string Parts::run(const std::string& command, std::uint32_t user, const Maintenance::Tell& tell) {
  if (catch_up_.under_way()) {
    tell("The read model is being built from the journal since the server started; this waits for its end.");
    catch_up_.wait();
  }
  return maintenance_.run(command, user_of(user), tell);
}

std::string Parts::trouble() { return roles_.gateway ? journal_->trouble() : std::string(); }

std::string Parts::log_trouble() {
  if (auto found = evidence_.trouble(); !found.empty()) return found;
  if (auto why = signer_.trouble(); !why.empty()) return why;
  if (auto why = accesses_.trouble(); !why.empty()) return "The access log cannot be written: " + why;
  if (roles_.steward && !log_key_.secret) return "This node has no key to sign the log with.";
  return {};
}

bool Parts::is_ready() { return projection_.ready() && projection_.stopped_streams().empty() && keeper_.failure().empty() && trouble().empty(); }

bool Parts::is_steward() { return roles_.steward && steward_.holds_lease(); }

// Of a journal that is shared another may be the steward: what it has left to do counts here too.
bool Parts::is_idle() { return !(roles_.steward || configuration_.journal_in_kafka) || steward_.idle(); }

http::Response Parts::ready() {
  boost::json::array stopped;
  for (const auto& [stream, why] : projection_.stopped_streams()) {
    boost::json::object told{{"stream", event::to_string(stream)}, {"offset", why.at}, {"why", why.why}};
    if (!why.record_sha256.empty()) told["record_sha256"] = why.record_sha256;
    stopped.push_back(std::move(told));
  }
  const bool ready = is_ready();
  const auto behind = behind_.amount();
  boost::json::object body{{"ready", ready}, {"idle", ready && is_idle()}, {"steward", is_steward()}, {"simulated", clock_->simulated()},
                                 {"time", base::to_string(clock_->now())}, {"ledger", projection_.ledger().next()},
                                 {"fold", {{"version", reporting::fold_version}, {"counts", projection_.control().with_fold([](const auto& fold) { return fold.counted(); })}}}, {"stopped", std::move(stopped)}, {"behind", {{"records", behind.records}, {"seconds", behind.seconds}}}};
  if (catch_up_.under_way()) {
    const auto done = catch_up_.progress();
    body["catching_up"] = {{"records", done.records}, {"of_records", done.of_records}, {"streams", done.streams}, {"of_streams", done.of_streams}};
  }
  if (const auto failure = keeper_.failure(); !failure.empty()) body["read_model"] = failure;
  // What is wrong with it keeps nobody from submitting.
  boost::json::object log{{"entries", projection_.ledger().next()}};
  if (const auto newest = projection_.checkpoints()->newest()) {
    log["origin"] = newest->checkpoint.origin;
    log["signed"] = newest->checkpoint.size;
  }
  if (const auto cosigned = projection_.checkpoints()->cosigned()) log["cosigned"] = cosigned->checkpoint.size;
  if (auto why = log_trouble(); !why.empty()) log["trouble"] = std::move(why);
  body["log"] = std::move(log);
  if (auto why = trouble(); !why.empty()) body["trouble"] = std::move(why);
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
  const auto as_of = [this](Endpoint endpoint) {
    endpoint.missing = [this](const auto& request, const auto& match) { return query_.missing(request, match); };
    return endpoint;
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
  const auto read = [](const Route& route, gateway::Read read) { return Endpoint{.route = route, .read = std::move(read)}; };
  const auto own = [](const Route& route, std::function<http::Response()> read) {
    return Endpoint{.route = route, .read = [read = std::move(read)](const auto&, const auto&, const auto&) { return read(); }};
  };
  Endpoint feed{.route = routes::feed, .post = [this](const auto& actor, auto request, auto respond) {
    feed_.open(actor, std::move(request), std::move(respond));
  }};
  auto submit = post(routes::submit, &Intake::submit);
  submit.body_bytes_max = [lines = configuration_.lines_bytes_max](const http::Request& head) {
    return gateway::brings_lines(head) ? lines : reporting::body_bytes_max;
  };
  // Nothing is appended, so it needs no room in the journal; but a draft is as long as a catalogue.
  Endpoint what_if{.route = routes::what_if, .reads_only = true, .post = [this](const auto&, auto request, auto respond) { what_if_.ask(std::move(request), std::move(respond)); }};
  std::vector<Endpoint> all = {
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
      at_once(as_of(get(routes::results, &Query::results))),
      as_of(get(routes::indicator, &Query::indicator)),
      get(routes::history, &Query::history),
      as_of(get(routes::facts, &Query::facts)),
      at_once(as_of(get(routes::levels, &Query::levels))),
      std::move(feed),
      get(routes::submissions, &Query::submissions),
      std::move(what_if),
      get(routes::streams, &Query::streams),
      get(routes::records, &Query::records),
      get(routes::receipt, &Query::receipt),
      own(routes::log_checkpoint, [this] { return public_log_.checkpoint(); }),
      read(routes::log_tile, [this](const auto&, const auto&, const auto& match) { return public_log_.tile(match); }),
      read(routes::access, [this](const auto&, const auto& request, const auto&) {
        return query::accesses(accesses_, request, configuration_.page_rows_max);
      }),
  };
  for (auto& endpoint : all) {
    if (endpoint.route.who != gateway::Who::Anybody) endpoint.elsewhere = !(endpoint.appends() ? roles_.gateway : roles_.query);
  }
  return all;
}

}  // namespace tamroi::server
