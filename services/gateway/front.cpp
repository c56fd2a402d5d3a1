#include "gateway/front.h"

#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>

#include <algorithm>
#include <chrono>
#include <set>

#include "base/check.h"
#include "base/json.h"
#include "base/sha256.h"
#include "reporting/permissions.h"

namespace tamroi::gateway {
namespace {

using base::Code;
using reporting::Permissions;

std::vector<http::Route> routes_of(const std::vector<Endpoint>& endpoints) {
  for (const auto& route : routes::all) {
    CHECK(std::ranges::count(endpoints, route, &Endpoint::route) == 1);
  }
  CHECK(endpoints.size() == routes::all.size());
  std::vector<http::Route> routes;
  for (const auto& endpoint : endpoints) {
    const auto& route = endpoint.route;
    CHECK((endpoint.read == nullptr) != (endpoint.post == nullptr));
    routes.push_back({std::string(route.method), std::string(route.pattern), static_cast<int>(routes.size())});
  }
  return routes;
}

// A typing error in the query must not be answered as if nothing had been asked.
std::vector<base::Problem> wrong_parameters(const Route& route, const http::Request& request) {
  std::vector<base::Problem> problems;
  std::set<std::string_view> seen;
  const auto add = [&](Code code, std::string_view name, std::string why) {
    problems.push_back({code, "/" + base::pointer_token(name), std::move(why)});
  };
  for (const auto& [name, value] : request.query) {
    const bool again = !seen.insert(name).second;
    if (lists(route.parameters, name)) {
      if (again) add(Code::BadValue, name, "It is given more than once.");
    } else if (again) {
      continue;
    } else if (lists(route.to_come, name)) {
      add(Code::BadValue, name, "This server does not serve it yet.");
    } else {
      add(Code::UnknownField, name, "This route has no such parameter.");
    }
  }
  return problems;
}

// Of "Bearer TOKEN", whose first word is in any case (RFC 9110); empty where it is no such header.
std::string_view token_of(std::string_view header) {
  constexpr std::string_view scheme = "bearer ";
  const auto same = [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a - 'A' + 'a' : a) == b; };
  if (!std::ranges::equal(header.substr(0, scheme.size()), scheme, same)) return {};
  return header.substr(scheme.size());
}

http::Response unauthorized() {
  auto response = http::problem(401, Code::Unauthorized, "A valid token is needed: Authorization: Bearer TOKEN.");
  response.headers.emplace_back("WWW-Authenticate", "Bearer");
  return response;
}

// Without one, admit() has seen all there is.
bool brings_body(const http::Request& head) { return head.header("content-length") || head.header("transfer-encoding"); }

}  // namespace

struct WaitingRoom::Threads {
  explicit Threads(std::size_t threads) : pool(threads) {}
  boost::asio::thread_pool pool;
};

WaitingRoom::WaitingRoom(std::size_t threads) : threads_(std::make_unique<Threads>(threads)) {}
WaitingRoom::~WaitingRoom() { stop(); }
void WaitingRoom::post(std::function<void()> work) { boost::asio::post(threads_->pool, std::move(work)); }
void WaitingRoom::stop() { threads_->pool.join(); }

Front::Front(projection::Projection& projection, projection::Clock& clock, WaitingRoom& room, telemetry::Log& log,
             std::vector<Endpoint> endpoints, const FrontLimits& limits)
    : projection_(projection), clock_(clock), room_(room), log_(log), endpoints_(std::move(endpoints)), router_(routes_of(endpoints_)),
      limits_(limits), known_(limits.known_tokens_max), rates_(limits.account_rate, limits.rates_kept_max) {}

// A request in flight of an account, until it is destroyed.
class Front::Slot {
 public:
  Slot(http::ConnectionCaps& in_flight, Actor actor) : in_flight_(in_flight), actor_(std::move(actor)) {}
  Slot(const Slot&) = delete;
  Slot& operator=(const Slot&) = delete;
  ~Slot() { in_flight_.leave(actor_->account); }

 private:
  http::ConnectionCaps& in_flight_;
  const Actor actor_;
};

std::expected<Front::Actor, http::Response> Front::who(const http::Request& request) {
  static const auto nobody = std::make_shared<const event::Actor>();
  const bool versioned = !request.segments.empty() && request.segments.front() == "v1";
  // The log holds hashes only, and is for everybody.
  const bool is_log = versioned && request.segments.size() > 1 && request.segments[1] == "log";
  if (!versioned || is_log) return nobody;
  const auto token = token_of(request.header("authorization").value_or(""));
  if (token.empty()) return std::unexpected(unauthorized());
  auto actor = holder_of(token);
  if (actor == nullptr) return std::unexpected(unauthorized());
  return actor;
}

// Null where the token is no account's, or no longer.
Front::Actor Front::holder_of(std::string_view token) {
  const auto changes = projection_.control().with_fold([](const reporting::ControlFold& fold) { return fold.account_changes(); });
  auto holder = known_.find(token, changes);
  if (!holder) {
    const auto token_sha256 = base::to_hex(base::sha256(token));
    holder = projection_.control().with_fold([&](const reporting::ControlFold& fold) -> std::optional<KnownTokens::Holder> {
      const auto* account = fold.account_of_token(token_sha256);
      if (account == nullptr) return std::nullopt;
      return KnownTokens::Holder{std::make_shared<const event::Actor>(account->account, account->role, account->unit), account->expires_on};
    });
    if (!holder) return nullptr;
    known_.keep(token, changes, *holder);
  }
  if (holder->expires_on && *holder->expires_on < base::bangkok_date(clock_.now())) return nullptr;
  return std::move(holder->actor);
}

std::expected<Front::Found, http::Response> Front::permitted(Actor actor, Match match, const http::Request& request) const {
  if (!match) return std::unexpected(std::move(match.error()));
  const auto& endpoint = endpoints_.at(static_cast<std::size_t>(match->id));
  if (endpoint.elsewhere) return std::unexpected(http::problem(404, Code::NotFound, "This server does not run what answers this."));
  if (!permits(endpoint.route.who, *actor)) return std::unexpected(http::problem(403, Code::NotPermitted, "This role may not use this route."));
  Found found{std::move(actor), &endpoint, std::move(*match)};
  if (!permits_unit(found)) return std::unexpected(http::problem(403, Code::NotPermitted, "This account may not read this of this unit."));
  const auto problems = wrong_parameters(endpoint.route, request);
  if (!problems.empty()) return std::unexpected(http::problem(400, problems));
  return found;
}

bool Front::permits_unit(const Found& found) const {
  const auto& route = found.endpoint->route;
  if (route.who != Who::ReadersOfFacts || !route.pattern.contains("{unit}")) return true;
  const auto published = projection_.control().published();
  const auto* plan = route.pattern.contains("{round}") ? published->plan(found.match.parameter("round")) : nullptr;
  const Permissions permissions{plan != nullptr ? plan->units : published->units()};
  return permissions.may_read_facts(*found.actor, found.match.parameter("unit"));
}

http::Admission Front::admit(const http::Request& head) {
  auto match = router_.match(head);
  const std::string_view route = match ? endpoints_.at(static_cast<std::size_t>(match->id)).route.pattern : std::string_view();
  auto admission = admit(head, std::move(match));
  admission.route = route;
  return admission;
}

http::Admission Front::admit(const http::Request& head, Match match) {
  // What no route takes is refused whoever asks.
  if (std::ranges::find(routes::all, head.method, &Route::method) == routes::all.end()) return std::move(match.error());
  auto actor = who(head);
  if (!actor) return std::move(actor.error());
  if (!(*actor)->account.empty()) {
    const auto seconds = rates_.take((*actor)->account, std::chrono::steady_clock::now());
    if (seconds) return http::later(429, Code::TooManyRequests, "Requests of this account come too fast.", *seconds);
  }
  auto found = permitted(std::move(*actor), std::move(match), head);
  if (!found) return std::move(found.error());
  auto admission = make_room(*found, head);
  const bool accepted = std::holds_alternative<http::Accept>(admission.verdict);
  if (accepted && found->endpoint->at_once(head) && !brings_body(head)) {
    admission.verdict = answer_of(*found, head);
  }
  return admission;
}

http::Admission Front::make_room(const Found& found, const http::Request& head) {
  using Verdict = http::ConnectionCaps::Verdict;
  if (found.endpoint->appends()) {
    if (projection_.journal().backlog().full) {
      return http::later(503, Code::Unavailable, "The journal takes nothing just now; send it again.", 1);
    }
    const auto why = limits_.takes_nothing();
    if (!why.empty()) return http::later(503, Code::Unavailable, std::string(why), 60);
  }
  http::Admission admission = http::Accept{found.endpoint->takes_body() ? found.endpoint->body_bytes_max(head) : 0};
  const auto& account = found.actor->account;
  if (account.empty() || found.endpoint->endless()) return admission;
  if (in_flight_.enter(account, SIZE_MAX, limits_.account_requests_max) != Verdict::Taken) {
    return http::later(429, Code::TooManyRequests, "Too many requests of this account are in flight.", 1);
  }
  admission.held = std::make_shared<const Slot>(in_flight_, found.actor);
  return admission;
}

void Front::answer(http::Request request, http::Responder respond) {
  // Once more, since the token may have been revoked while the body came.
  auto actor = who(request);
  if (!actor) return respond(std::move(actor.error()));
  auto found = permitted(std::move(*actor), router_.match(request), request);
  if (!found) return respond(std::move(found.error()));
  const auto after = request.parameter("after");
  // Whoever waited is called on a thread that must not compute: only at once it is answered here.
  if (found->endpoint->at_once(request)) return respond(answer_of(*found, request));
  if (!after) return dispatch(std::move(*found), std::move(request), std::move(respond));
  const auto position = event::parse_position(*after);
  const bool followed = !position || position->stream == event::control_stream || projection_.follows().has(position->stream);
  if (!followed) return respond(http::later(503, Code::NotFollowed, projection::not_followed, 60));
  const auto* province = position ? projection_.province(event::to_string(position->stream)) : nullptr;
  if (!position || (province == nullptr && position->stream != event::control_stream)) {
    const base::Problem problem{Code::BadValue, "/after", "A position such as 24:17 is expected."};
    return respond(http::problem(400, {{problem}}));
  }
  // Callables must be copyable, a responder is not.
  auto held = std::make_shared<std::tuple<Found, http::Request, http::Responder>>(std::move(*found), std::move(request), std::move(respond));
  projection_.waiters().wait_for(*position, std::chrono::steady_clock::now() + limits_.after_max, [this, held](bool reached) {
    auto& [what, of, responder] = *held;
    if (reached) return dispatch(std::move(what), std::move(of), std::move(responder));
    responder(http::later(503, Code::Unavailable, "This node has not applied that position yet.", 1));
  });
}

http::Response Front::answer_of(const Found& found, const http::Request& request) const {
  auto response = found.endpoint->read(*found.actor, request, found.match);
  if (found.endpoint->route.who == Who::Anybody) return response;
  auto behind = limits_.behind();
  if (!behind.empty()) response.headers.emplace_back("Tamroi-Behind", std::move(behind));
  return response;
}

void Front::dispatch(Found found, http::Request request, http::Responder respond) {
  if (found.endpoint->post) return found.endpoint->post(*found.actor, std::move(request), std::move(respond));
  const auto deadline = std::chrono::steady_clock::now() + limits_.after_max;
  read(std::make_shared<Reading>(std::move(found), std::move(request), std::move(respond), deadline));
}

void Front::read(const std::shared_ptr<Reading>& reading) {
  room_.post([this, reading] {
    auto& [what, of, respond, deadline] = *reading;
    try {
      const bool may_miss = what.endpoint->missing && of.parameter("as_of");
      if (const auto position = may_miss ? what.endpoint->missing(of, what.match) : std::nullopt) return wait(reading, *position);
      respond(noted(what, of, answer_of(what, of)));
    } catch (const std::system_error& failure) {
      log_.error("cannot be read", {{"request_id", of.request_id}, {"why", failure.what()}});
      respond(http::later(503, Code::Unavailable, "What was asked for cannot be read just now.", 1));
    }
  });
}

http::Response Front::noted(const Found& found, const http::Request& request, http::Response response) {
  if (found.endpoint->route.act.empty() || limits_.note(found.endpoint->route, *found.actor, request, response.status)) return response;
  return http::later(503, Code::Unavailable, "It cannot be noted who looks at this, so nobody does just now.", 5);
}

void Front::wait(const std::shared_ptr<Reading>& reading, event::Position position) {
  const auto goes_on = [this, reading](bool reached) {
    if (reached) return read(reading);
    reading->respond(http::later(503, Code::Unavailable, "This node has not applied that yet.", 1));
  };
  if (position.stream == event::ledger_stream) return projection_.waiters().wait_for_ledger(position.offset, reading->deadline, goes_on);
  projection_.waiters().wait_for(position, reading->deadline, goes_on);
}

}  // namespace tamroi::gateway
