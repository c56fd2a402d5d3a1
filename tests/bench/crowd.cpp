// A crowd that is in the way: connections that asked once and then stay, and some that send a header byte by byte. Who is
// closed by the server comes again. Prints a line when all are there, and goes on until it is ended.

#include <sys/epoll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <iostream>
#include <string_view>
#include <vector>

#include <CLI/CLI.hpp>
#include <boost/json.hpp>

#include "bench/sockets.h"

namespace tamroi::bench {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::string_view request = "GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: none but a very slow one\r\n\r\n";
constexpr std::size_t opening_max = 64;  // connections that have no answer yet

struct Plan {
  std::uint16_t port = 8080;
  std::size_t idle = 10'000;
  std::size_t drips = 1'000;
  std::size_t sources = 8;
  double every = 0.5;    // seconds from a byte to the next
  double seconds = 600;  // then it ends in any case
};

class Crowd {
 public:
  explicit Crowd(const Plan& plan) : plan_(plan), epoll_(checked(epoll_create1(EPOLL_CLOEXEC), "epoll_create1")), peers_(plan.idle + plan.drips) {
    for (std::size_t i = 0; i < peers_.size(); ++i) absent_.push_back(i);
  }
  void run();

 private:
  struct Peer {
    Descriptor socket;
    std::size_t sent = 0;
    bool there = false;  // answered, or dripping
  };
  [[nodiscard]] bool drips(const Peer& peer) const { return static_cast<std::size_t>(&peer - peers_.data()) >= plan_.idle; }
  void open_more();
  void look_at(Peer& peer);
  void drip();
  void arrived(Peer& peer);
  void leave(Peer& peer);

  const Plan plan_;
  Descriptor epoll_;
  std::vector<Peer> peers_;
  std::vector<std::size_t> absent_;
  std::size_t opening_ = 0;
  std::size_t there_ = 0;
};

void Crowd::run() {
  const auto until = Clock::now() + std::chrono::duration<double>(plan_.seconds);
  const auto pause = std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(plan_.every));
  auto next_drip = Clock::now() + pause;
  bool told = false;
  std::array<epoll_event, 256> events;
  while (Clock::now() < until) {
    open_more();
    const int count = epoll_wait(epoll_.number(), events.data(), static_cast<int>(events.size()), 10);
    for (int i = 0; i < count; ++i) look_at(peers_[events[static_cast<std::size_t>(i)].data.u64]);
    // Some are always on their way back.
    if (!told && there_ >= peers_.size() * 98 / 100) std::cout << boost::json::object{{"there", there_}} << std::endl;
    told = told || there_ >= peers_.size() * 98 / 100;
    if (Clock::now() < next_drip) continue;
    next_drip += pause;
    drip();
  }
}

void Crowd::open_more() {
  for (; !absent_.empty() && opening_ < opening_max; ++opening_) {
    const auto index = absent_.back();
    absent_.pop_back();
    peers_[index].socket = begin_connection(plan_.port, index % plan_.sources);
    watch(epoll_, peers_[index].socket, index);
  }
}

void Crowd::look_at(Peer& peer) {
  if (!peer.socket.open()) return;
  const int number = peer.socket.number();
  const auto wanted = drips(peer) ? std::size_t{1} : request.size();
  if (peer.sent == 0) {
    const auto sent = ::send(number, request.data(), wanted, MSG_NOSIGNAL);
    if (sent < 0 && errno == EAGAIN) return;
    if (sent != static_cast<ssize_t>(wanted)) return leave(peer);
    peer.sent = wanted;
    if (drips(peer)) arrived(peer);
  }
  std::array<char, 4096> answer;
  const auto received = ::recv(number, answer.data(), answer.size(), 0);
  if (received == 0 || (received < 0 && errno != EAGAIN)) return leave(peer);
  if (received > 0 && !drips(peer)) arrived(peer);
}

void Crowd::drip() {
  for (std::size_t i = plan_.idle; i < peers_.size(); ++i) {
    auto& peer = peers_[i];
    // Never to the end of the header.
    if (!peer.there || peer.sent + 1 >= request.size()) continue;
    if (::send(peer.socket.number(), request.data() + peer.sent, 1, MSG_NOSIGNAL) == 1) ++peer.sent;
  }
}

void Crowd::arrived(Peer& peer) {
  if (std::exchange(peer.there, true)) return;
  --opening_;
  ++there_;
}

void Crowd::leave(Peer& peer) {
  --(peer.there ? there_ : opening_);
  peer = Peer();
  absent_.insert(absent_.begin(), static_cast<std::size_t>(&peer - peers_.data()));
}

}  // namespace
}  // namespace tamroi::bench

int main(int argc, char** argv) {
  tamroi::bench::Plan plan;
  CLI::App app("Holds many connections to an HTTP server on 127.0.0.1 that do little or nothing.");
  app.add_option("--port", plan.port);
  app.add_option("--idle", plan.idle, "connections that ask once and then stay");
  app.add_option("--drips", plan.drips, "connections that send a header byte by byte");
  app.add_option("--every", plan.every, "seconds from a byte to the next");
  app.add_option("--sources", plan.sources, "addresses that they come from: 127.0.0.1 and up")->check(CLI::Range(1, 250));
  app.add_option("--seconds", plan.seconds, "until it ends");
  CLI11_PARSE(app, argc, argv);
  try {
    tamroi::bench::raise_open_files();
    tamroi::bench::Crowd(plan).run();
    return 0;
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
}
