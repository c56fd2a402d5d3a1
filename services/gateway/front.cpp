#include "gateway/front.h"

#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>

#include <algorithm>
#include <chrono>

#include "base/sha256.h"
#include "reporting/permissions.h"

namespace tamroi::gateway {
namespace {

using base::Code;
using reporting::Permissions;

constexpr std::chrono::seconds after_max{10};

std::vector<http::Route> routes_of(const std::vector<Endpoint>& endpoints) {
  std::vector<http::Route> routes;
  for (const auto& endpoint : endpoints) routes.push_back({endpoint.method, endpoint.pattern, static_cast<int>(routes.size())});
  return routes;
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

}  // namespace

bool permits(Who who, const event::Actor& actor) {
  switch (who) {
    case Who::Anybody:
    case Who::AnyAccount: return true;
    case Who::Submitters: return Permissions::may_submit_at_all(actor);
    case Who::Controllers: return Permissions::may_control_at_all(actor);
    // Which units' facts they may read depends on the unit; who reads results may read some.
    case Who::ReadersOfResults:
    case Who::ReadersOfFacts: return Permissions::may_read_results(actor);
    case Who::ReadersOfControls: return Permissions::may_control_at_all(actor) || Permissions::may_read_control(actor, "");
    case Who::ReadersOfAccounts: return Permissions::may_read_accounts(actor);
  }
  return false;
}

struct WaitingRoom::Threads {
  explicit Threads(std::size_t threads) : pool(threads) {}
  boost::asio::thread_pool pool;
};

WaitingRoom::WaitingRoom(std::size_t threads) : threads_(std::make_unique<Threads>(threads)) {}
WaitingRoom::~WaitingRoom() { stop(); }
void WaitingRoom::post(std::function<void()> work) { boost::asio::post(threads_->pool, std::move(work)); }
void WaitingRoom::stop() { threads_->pool.join(); }

Front::Front(projection::Projection& projection, projection::Clock& clock, WaitingRoom& room, std::vector<Endpoint> endpoints)
    : projection_(projection), clock_(clock), room_(room), endpoints_(std::move(endpoints)), router_(routes_of(endpoints_)) {}

std::expected<event::Actor, http::Response> Front::who(const http::Request& request) const {
  const auto token = token_of(request.header("authorization").value_or(""));
  if (token.empty()) return std::unexpected(unauthorized());
  const auto token_sha256 = base::to_hex(base::sha256(token));
  const auto today = base::bangkok_date(clock_.now());
  const auto actor = projection_.control().with_fold([&](const reporting::ControlFold& fold) -> std::optional<event::Actor> {
    const auto* account = fold.account_of_token(token_sha256);
    if (account == nullptr || (account->expires_on && *account->expires_on < today)) return std::nullopt;
    return event::Actor{account->account, account->role, account->unit};
  });
  if (!actor) return std::unexpected(unauthorized());
  return *actor;
}

std::expected<Front::Found, http::Response> Front::find(const http::Request& request) const {
  const bool versioned = !request.segments.empty() && request.segments.front() == "v1";
  event::Actor actor;
  if (versioned) {
    auto known = who(request);
    if (!known) return std::unexpected(std::move(known.error()));
    actor = std::move(*known);
  }
  auto match = router_.match(request);
  if (!match) return std::unexpected(std::move(match.error()));
  const auto& endpoint = endpoints_.at(static_cast<std::size_t>(match->id));
  if (!permits(endpoint.who, actor)) return std::unexpected(http::problem(403, Code::NotPermitted, "This role may not use this route."));
  return Found{std::move(actor), &endpoint, std::move(*match)};
}

std::variant<http::Response, http::Accept> Front::admit(const http::Request& head) {
  auto found = find(head);
  if (!found) return std::move(found.error());
  return http::Accept{found->endpoint->post ? found->endpoint->body_bytes_max(head) : 0};
}

void Front::answer(http::Request request, http::Responder respond) {
  // Once more, since the token may have been revoked while the body came.
  auto found = find(request);
  if (!found) return respond(std::move(found.error()));
  if (found->endpoint->post) return found->endpoint->post(found->actor, std::move(request), std::move(respond));
  const auto after = request.parameter("after");
  if (!after && found->endpoint->from_memory) return respond(found->endpoint->read(found->actor, request, found->match));
  if (!after) return read(std::move(*found), std::move(request), std::move(respond));
  const auto position = event::parse_position(*after);
  const auto* province = position ? projection_.province(event::to_string(position->stream)) : nullptr;
  if (!position || (province == nullptr && position->stream != event::control_stream)) {
    const base::Problem problem{Code::BadValue, "/after", "A position such as 24:17 is expected."};
    return respond(http::problem(400, {{problem}}));
  }
  // Callables must be copyable, a responder is not.
  auto held = std::make_shared<std::tuple<Found, http::Request, http::Responder>>(std::move(*found), std::move(request), std::move(respond));
  projection_.waiters().wait_for(*position, std::chrono::steady_clock::now() + after_max, [this, held](bool reached) {
    auto& [what, of, responder] = *held;
    if (reached) return read(std::move(what), std::move(of), std::move(responder));
    responder(http::later(503, Code::Unavailable, "This node has not applied that position yet.", 1));
  });
}

void Front::read(Found found, http::Request request, http::Responder respond) {
  auto held = std::make_shared<std::tuple<Found, http::Request, http::Responder>>(std::move(found), std::move(request), std::move(respond));
  room_.post([held] {
    auto& [what, of, responder] = *held;
    try {
      responder(what.endpoint->read(what.actor, of, what.match));
    } catch (const std::system_error&) {
      responder(http::later(503, Code::Unavailable, "What was asked for cannot be read just now.", 1));
    }
  });
}

}  // namespace tamroi::gateway
