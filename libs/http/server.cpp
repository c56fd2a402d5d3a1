#include "http/server.h"

#include "base/check.h"
#include "http/session.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>

#include <thread>
#include <unordered_set>

namespace tamroi::http {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;
using Acceptor = asio::basic_socket_acceptor<asio::ip::tcp, Executor>;

constexpr asio::as_tuple_t<asio::use_awaitable_t<Executor>> awaiting;
constexpr std::chrono::milliseconds pause_after_failed_accept{100};

// A loop of its own for each thread, so a session needs no lock.
struct Worker {
  asio::io_context context{1};
  asio::executor_work_guard<Executor> guard{context.get_executor()};
  std::shared_ptr<Turns> turns = std::make_shared<Turns>([this] { asio::post(context, [taken = turns] { taken->take(); }); });
  std::unordered_set<std::shared_ptr<Session>> sessions;
  bool stopping = false;
  std::thread thread;
};

std::string text_of(asio::ip::address address) {
  if (address.is_v6() && address.to_v6().is_v4_mapped()) {
    address = asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6());
  }
  return address.to_string();
}

}  // namespace

struct Server::Core {
  Core(ServerOptions given, Handler& handler, telemetry::Log& log, telemetry::Metrics& metrics)
      : edge(given, handler, log, metrics) {
    CHECK(edge.options.threads > 0);
    CHECK(edge.options.limits.header_bytes_max <= Session::header_bytes_most);
    for (std::size_t i = 0; i < edge.options.threads; ++i) workers.push_back(std::make_unique<Worker>());
    acceptor.emplace(workers.front()->context);
  }

  void listen();
  Task<void> run_accepting();
  void take(Worker& worker, Socket socket);
  void start_session(Worker& worker, Socket socket, std::string address);
  void turn_away(Socket socket, const Response& response);
  void in_each_worker(void (*act)(Worker&));

  Edge edge;
  std::vector<std::unique_ptr<Worker>> workers;
  std::optional<Acceptor> acceptor;
  std::uint16_t port = 0;
  bool running = false;
};

void Server::Core::listen() {
  const asio::ip::tcp::endpoint endpoint(asio::ip::make_address(edge.options.address), edge.options.port);
  acceptor->open(endpoint.protocol());
  acceptor->set_option(Acceptor::reuse_address(true));
  acceptor->bind(endpoint);
  acceptor->listen();
  port = acceptor->local_endpoint().port();
  edge.listen_on(port);
}

Task<void> Server::Core::run_accepting() {
  std::size_t turn = 0;
  Timer pause(workers.front()->context.get_executor());
  while (acceptor->is_open()) {
    Worker& worker = *workers[turn++ % workers.size()];
    auto [error, socket] = co_await acceptor->async_accept(worker.context.get_executor(), awaiting);
    if (!error) {
      take(worker, std::move(socket));
    } else if (error != asio::error::operation_aborted && error != asio::error::connection_aborted) {
      // Out of file descriptors, most likely: waiting is all that helps.
      edge.log.error("accept failed", {{"why", error.message()}});
      pause.expires_after(pause_after_failed_accept);
      co_await pause.async_wait(awaiting);
    }
  }
}

void Server::Core::take(Worker& worker, Socket socket) {
  error_code error;
  const auto peer = socket.remote_endpoint(error);
  if (error) return;
  socket.set_option(asio::ip::tcp::no_delay(true), error);
  const Limits& limits = edge.options.limits;
  std::string address = text_of(peer.address());
  const std::size_t of_address = edge.trusts(address) ? SIZE_MAX : limits.connections_of_address_max;
  const bool behind_proxy = !edge.options.trusted_proxies.empty();
  const std::size_t in_all = behind_proxy ? limits.connections_with_proxy_max : limits.connections_max;
  switch (edge.connections.enter(subscriber_of(address), in_all, of_address)) {
    case ConnectionCaps::Verdict::TooManyInAll:
      return turn_away(std::move(socket), later(503, base::Code::Unavailable, "Too many connections.", 5));
    case ConnectionCaps::Verdict::TooManyOfAddress:
      return turn_away(std::move(socket),
                       later(429, base::Code::TooManyRequests, "Too many connections of this address.", 5));
    case ConnectionCaps::Verdict::Taken: break;
  }
  edge.tally.connections_changed(1);
  asio::post(worker.context, [this, &worker, moved = std::move(socket), from = std::move(address)]() mutable {
    start_session(worker, std::move(moved), std::move(from));
  });
}

void Server::Core::start_session(Worker& worker, Socket socket, std::string address) {
  const auto session = std::make_shared<Session>(std::move(socket), edge, worker.turns, std::move(address));
  worker.sessions.insert(session);
  if (worker.stopping) session->stop();
  asio::co_spawn(worker.context, session->run(), [this, &worker, session](const std::exception_ptr& defect) {
    worker.sessions.erase(session);
    edge.tally.connections_changed(-1);
    edge.connections.leave(subscriber_of(session->address()));
    if (defect) std::rethrow_exception(defect);
  });
}

// Decided before memory is taken: what the kernel does not take at once is lost.
void Server::Core::turn_away(Socket socket, const Response& response) {
  edge.tally.turned_away();
  const std::string request_id = Edge::new_request_id();
  const std::string bytes = render_head(response, request_id, BodyFraming::Length, true).append(response.bytes());
  error_code ignored;
  socket.non_blocking(true, ignored);
  socket.write_some(asio::buffer(bytes), ignored);
  socket.shutdown(Socket::shutdown_send, ignored);
  edge.log.warning("connection turned away", {{"request_id", request_id}, {"status", response.status}});
}

void Server::Core::in_each_worker(void (*act)(Worker&)) {
  for (const auto& worker : workers) {
    asio::post(worker->context, [act, &each = *worker] { act(each); });
  }
}

Server::Server(ServerOptions options, Handler& handler, telemetry::Log& log, telemetry::Metrics& metrics)
    : core_(std::make_unique<Core>(std::move(options), handler, log, metrics)) {}

Server::~Server() {
  if (core_->running) stop(std::chrono::milliseconds(0));
}

void Server::start() {
  CHECK(!core_->running);
  core_->listen();
  core_->running = true;
  Worker& first = *core_->workers.front();
  asio::co_spawn(first.context, core_->run_accepting(), [](const std::exception_ptr& defect) {
    if (defect) std::rethrow_exception(defect);
  });
  for (const auto& worker : core_->workers) {
    worker->thread = std::thread([&context = worker->context] { context.run(); });
  }
  core_->edge.log.info("listening", {{"address", core_->edge.options.address}, {"port", core_->port}});
}

bool Server::stop(std::chrono::milliseconds bound) {
  if (!core_->running) return true;
  core_->running = false;
  asio::post(core_->workers.front()->context, [core = core_.get()] { core->acceptor->close(); });
  core_->in_each_worker([](Worker& worker) {
    worker.stopping = true;
    // A session that ends at once takes itself out of the set later, never within this loop.
    for (const auto& session : worker.sessions) session->stop();
  });
  const bool all_finished = core_->edge.connections.wait_until_empty(bound);
  if (!all_finished) {
    core_->in_each_worker([](Worker& worker) {
      for (const auto& session : worker.sessions) session->cut_off();
    });
  }
  for (const auto& worker : core_->workers) worker->guard.reset();
  for (const auto& worker : core_->workers) worker->thread.join();
  core_->edge.log.info("stopped", {{"all_finished", all_finished}});
  return all_finished;
}

std::uint16_t Server::port() const { return core_->port; }

}  // namespace tamroi::http
