#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "event/record.h"
#include "gateway/known_tokens.h"
#include "gateway/routes.h"
#include "http/connection_caps.h"
#include "http/handler.h"
#include "http/rate_limits.h"
#include "http/router.h"
#include "projection/clock.h"
#include "projection/projection.h"

namespace tamroi::gateway {

// Answers a read; runs on a thread where it may wait for the disk, unless it is said to be from memory.
using Read = std::function<http::Response(const event::Actor&, const http::Request&, const http::RouteMatch&)>;
// Takes what was posted; must not wait.
using Post = std::function<void(const event::Actor&, http::Request, http::Responder)>;

struct Endpoint {
  Route route;
  bool from_memory = false;
  bool reads_only = false;  // of a POST: it appends nothing
  Read read = {};   // of a GET
  Post post = {};   // of a POST, or of a GET whose answer has no end
  // How long the body of a POST may be, by what the head says.
  std::function<std::uint64_t(const http::Request& head)> body_bytes_max = [](const http::Request&) { return std::uint64_t{1} << 20; };
  // Of a read as of some cut: the position that it has to wait for next; asked where it may wait for the disk.
  std::function<std::optional<event::Position>(const http::Request&, const http::RouteMatch&)> missing = {};
  bool elsewhere = false;  // a role of the server that does not run here: nothing is found at this path

  [[nodiscard]] bool appends() const { return post && route.method == "POST" && !reads_only; }
  [[nodiscard]] bool at_once(const http::Request& request) const { return from_memory && !request.parameter("after") && !request.parameter("as_of"); }
  [[nodiscard]] bool takes_body() const { return post && route.method == "POST"; }
  [[nodiscard]] bool endless() const { return post && route.method == "GET"; }
};

struct FrontLimits {
  http::Rate account_rate = {.per_second = 500, .burst = 5'000};
  std::size_t account_requests_max = 64;         // in flight; a feed is none
  std::chrono::milliseconds after_max{10'000};   // waiting for a position
  std::size_t rates_kept_max = 100'000;          // accounts
  std::size_t known_tokens_max = 1'024;
  // Notes a read that leaves a trace, before it is answered; what it says no to is not answered.
  std::function<bool(const Route&, const event::Actor&, const http::Request&, int status)> note = [](const auto&...) { return true; };
  // Why nothing can be taken just now, besides a full journal; empty where it can.
  std::function<std::string_view()> takes_nothing = [] { return std::string_view(); };
  // How far what is read is behind, to be said with it; empty where it is not.
  std::function<std::string()> behind = [] { return std::string(); };
};

// Threads that may wait.
class WaitingRoom {
 public:
  explicit WaitingRoom(std::size_t threads);
  ~WaitingRoom();
  WaitingRoom(const WaitingRoom&) = delete;
  WaitingRoom& operator=(const WaitingRoom&) = delete;
  void post(std::function<void()> work);
  // Ends when what was posted is done.
  void stop();

 private:
  struct Threads;
  std::unique_ptr<Threads> threads_;
};

// The one way in: who is it (bearer token), do they ask too fast, what do they ask for (route), may they, is it a question
// that the route knows, and is there room for it; then the body, and the endpoint. `after` on any read waits until this node has applied that position.
//
// Invariants: each route of the table has exactly one endpoint.
// Threads:    as http::Handler.
class Front final : public http::Handler {
 public:
  Front(projection::Projection& projection, projection::Clock& clock, WaitingRoom& room, telemetry::Log& log,
        std::vector<Endpoint> endpoints, const FrontLimits& limits);

  http::Admission admit(const http::Request& head) override;
  void answer(http::Request request, http::Responder respond) override;

 private:
  using Actor = std::shared_ptr<const event::Actor>;
  struct Found {
    Actor actor;
    const Endpoint* endpoint;
    http::RouteMatch match;
  };
  class Slot;
  using Match = std::expected<http::RouteMatch, http::Response>;
  [[nodiscard]] std::expected<Actor, http::Response> who(const http::Request& request);
  [[nodiscard]] Actor holder_of(std::string_view token);
  [[nodiscard]] std::expected<Found, http::Response> permitted(Actor actor, Match match, const http::Request& request) const;
  [[nodiscard]] http::Admission admit(const http::Request& head, Match match);
  // Counts a request of an account, if there is room for one more.
  [[nodiscard]] http::Admission make_room(const Found& found, const http::Request& head);
  // Of a unit that the path names.
  [[nodiscard]] bool permits_unit(const Found& found) const;
  void dispatch(Found found, http::Request request, http::Responder respond);
  [[nodiscard]] http::Response noted(const Found& found, const http::Request& request, http::Response response);
  // A read on its way, as far as it was permitted; what this node lacks for it may be waited for until the deadline.
  struct Reading {
    Found found;
    http::Request request;
    http::Responder respond;
    std::chrono::steady_clock::time_point deadline;
  };
  void read(const std::shared_ptr<Reading>& reading);
  void wait(const std::shared_ptr<Reading>& reading, event::Position position);
  // What an endpoint says, and how far that is behind.
  [[nodiscard]] http::Response answer_of(const Found& found, const http::Request& request) const;

  projection::Projection& projection_;
  projection::Clock& clock_;
  WaitingRoom& room_;
  telemetry::Log& log_;
  std::vector<Endpoint> endpoints_;
  http::Router router_;
  const FrontLimits limits_;
  KnownTokens known_;
  http::RateLimits rates_;
  http::ConnectionCaps in_flight_;  // by account
};

}  // namespace tamroi::gateway
