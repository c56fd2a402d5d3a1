// Many readers of one live feed, on one thread; prints as JSON whether each got every change once and in order, and how
// long after its stamp (event_reader.h). With --least the server is the least one there can be, in a child of this
// process: it writes to each socket what is there already. That is the limit.
//
// Prints a line when all readers are there, and one when they have everything.

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <optional>
#include <thread>

#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <fmt/format.h>

#include "bench/conditions.h"
#include "bench/event_reader.h"
#include "bench/sockets.h"

namespace tamroi::bench {
namespace {

namespace json = boost::json;
using Clock = std::chrono::steady_clock;

struct Plan {
  std::uint16_t port = 8080;
  std::string path = "/v1/feed";
  std::string token;
  std::size_t readers = 10'000;
  std::size_t sources = 1;
  std::size_t changes = 1'200;
  double within = 120;  // seconds
  double rate = 20;     // of the least server
  std::size_t size_bytes = 600;
};

constexpr std::size_t opening_max = 128;  // connections that have no answer yet

std::int64_t nanoseconds(Clock::time_point time) {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(time.time_since_epoch()).count();
}

class Crowd {
 public:
  explicit Crowd(const Plan& plan)
      : plan_(plan), epoll_(checked(epoll_create1(EPOLL_CLOEXEC), "epoll_create1")), readers_(plan.readers) {
    request_ = fmt::format("GET {} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/event-stream\r\n", plan.path);
    if (!plan.token.empty()) request_ += fmt::format("Authorization: Bearer {}\r\n", plan.token);
    request_ += "\r\n";
    seen_.micros.reserve(plan.readers * plan.changes);
  }

  // Until all readers are there, or all have everything, or it takes too long. True where the former is so.
  bool open() { return run([this] { return begun_ + cut_ >= plan_.readers; }) && cut_ == 0; }
  bool read() { return run([this] { return complete_ + cut_ >= plan_.readers; }) && cut_ == 0; }
  json::object told(Seconds took);

 private:
  struct Reader {
    Descriptor socket;
    EventReader events;
    bool asked = false;
  };

  template <class Condition>
  bool run(const Condition& done);
  void open_more();
  void look_at(Reader& reader);
  void take(Reader& reader, std::string_view bytes);

  const Plan plan_;
  Descriptor epoll_;
  std::string request_;
  std::vector<Reader> readers_;
  std::array<char, 64 * 1024> buffer_;
  std::size_t opened_ = 0;
  std::size_t begun_ = 0;     // are answered
  std::size_t complete_ = 0;  // have everything
  std::size_t cut_ = 0;       // have lost their connection
  Seen seen_;
};

template <class Condition>
bool Crowd::run(const Condition& done) {
  const auto until = Clock::now() + std::chrono::duration<double>(plan_.within);
  std::array<epoll_event, 1024> events;
  while (!done()) {
    if (Clock::now() >= until) return false;
    open_more();
    const int count = epoll_wait(epoll_.number(), events.data(), static_cast<int>(events.size()), 100);
    if (count < 0 && errno != EINTR) checked(count, "epoll_wait");
    for (int i = 0; i < count; ++i) look_at(readers_[events[static_cast<std::size_t>(i)].data.u64]);
  }
  return true;
}

void Crowd::open_more() {
  for (; opened_ < plan_.readers && opened_ - begun_ - cut_ < opening_max; ++opened_) {
    auto& reader = readers_[opened_];
    reader.socket = begin_connection(plan_.port, opened_ % plan_.sources);
    watch(epoll_, reader.socket, opened_);
  }
}

void Crowd::look_at(Reader& reader) {
  while (reader.socket.open()) {
    if (!reader.asked) {
      const auto sent = ::send(reader.socket.number(), request_.data(), request_.size(), MSG_NOSIGNAL);
      if (sent < 0 && (errno == EAGAIN || errno == ENOTCONN)) return;
      if (sent != static_cast<ssize_t>(request_.size())) return take(reader, {});
      reader.asked = true;
    }
    const auto received = ::recv(reader.socket.number(), buffer_.data(), buffer_.size(), 0);
    if (received < 0 && errno == EAGAIN) return;
    take(reader, {buffer_.data(), static_cast<std::size_t>(std::max<ssize_t>(0, received))});
    // The rest, if there is any, raises a new edge.
    if (static_cast<std::size_t>(std::max<ssize_t>(0, received)) < buffer_.size()) return;
  }
}

void Crowd::take(Reader& reader, std::string_view bytes) {
  const bool had_begun = reader.events.begun();
  const bool was_complete = reader.events.next() >= plan_.changes;
  const bool goes_on = !bytes.empty() && reader.events.take(bytes, nanoseconds(Clock::now()), seen_);
  if (!had_begun && reader.events.begun()) ++begun_;
  if (!was_complete && reader.events.next() >= plan_.changes) ++complete_;
  if (goes_on || reader.events.next() >= plan_.changes) return;
  ++cut_;
  reader.socket = Descriptor();
}

json::object Crowd::told(Seconds took) {
  auto& micros = seen_.micros;
  std::ranges::sort(micros);
  const auto at = [&](double share) {
    return micros.empty() ? 0.0 : micros[static_cast<std::size_t>(share * static_cast<double>(micros.size() - 1))] / 1000.0;
  };
  return {{"readers", plan_.readers}, {"complete", complete_}, {"cut_off", cut_}, {"changes", micros.size()}, {"missing", seen_.missing},
          {"repeated", seen_.repeated}, {"milliseconds", json::object{{"p50", at(0.5)}, {"p99", at(0.99)}, {"max", at(1)}}},
          {"seconds", took.wall}, {"processor_seconds_of_readers", took.core}};
}

// Takes all readers, then writes each event to all of them, one after the other.
class LeastServer {
 public:
  explicit LeastServer(const Plan& plan) : plan_(plan), acceptor_(checked(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), "socket")) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    checked(::bind(acceptor_.number(), reinterpret_cast<sockaddr*>(&address), sizeof address), "bind");
    checked(::listen(acceptor_.number(), 4096), "listen");
    socklen_t size = sizeof address;
    checked(::getsockname(acceptor_.number(), reinterpret_cast<sockaddr*>(&address), &size), "getsockname");
    port_ = ntohs(address.sin_port);
  }
  [[nodiscard]] std::uint16_t port() const { return port_; }
  void run();

 private:
  static void write(const Descriptor& socket, std::string_view bytes) {
    checked(static_cast<int>(::send(socket.number(), bytes.data(), bytes.size(), MSG_NOSIGNAL)), "send");
  }
  const Plan plan_;
  Descriptor acceptor_;
  std::uint16_t port_ = 0;
};

void LeastServer::run() {
  std::vector<Descriptor> readers;
  while (readers.size() < plan_.readers) {
    readers.emplace_back(checked(::accept4(acceptor_.number(), nullptr, nullptr, SOCK_CLOEXEC), "accept"));
    const int yes = 1;
    checked(setsockopt(readers.back().number(), IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes), "setsockopt");
    write(readers.back(), "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n");
  }
  const auto began = Clock::now();
  for (std::size_t i = 0; i < plan_.changes; ++i) {
    const auto due = began + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(static_cast<double>(i) / plan_.rate));
    std::this_thread::sleep_until(due);
    auto event = fmt::format("event: change\nid: {}\ndata: stamp {}s{}n{} ", i, nanoseconds(due) / 1'000'000'000,
                             nanoseconds(due) % 1'000'000'000, i);
    event += std::string(plan_.size_bytes - std::min(plan_.size_bytes, event.size() + 2), 'x') + "\n\n";
    const auto chunk = fmt::format("{:x}\r\n{}\r\n", event.size(), event);
    for (const auto& reader : readers) write(reader, chunk);
  }
  // The sockets stay until the readers have had everything and go.
  for (const auto& reader : readers) {
    std::array<char, 4096> ignored;
    while (::recv(reader.number(), ignored.data(), ignored.size(), 0) > 0) continue;
  }
}

// In a process of its own, so that it has its own descriptors. Its processor time comes back.
class ServerApart {
 public:
  explicit ServerApart(const Plan& plan) {
    LeastServer server(plan);
    port_ = server.port();
    child_ = checked(::fork(), "fork");
    if (child_ != 0) return;
    try {
      server.run();
      std::_Exit(0);
    } catch (const std::exception& error) {
      std::cerr << error.what() << std::endl;
      std::_Exit(1);
    }
  }
  // Once the readers are gone.
  [[nodiscard]] double processor_seconds() const {
    rusage used{};
    checked(::wait4(child_, nullptr, 0, &used), "wait4");
    const auto seconds = [](const timeval& time) { return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6; };
    return seconds(used.ru_utime) + seconds(used.ru_stime);
  }
  [[nodiscard]] std::uint16_t port() const { return port_; }

 private:
  pid_t child_ = 0;
  std::uint16_t port_ = 0;
};

int run(Plan plan, bool least) {
  raise_open_files();
  std::optional<ServerApart> server;
  if (least) plan.port = server.emplace(plan).port();
  auto crowd = std::make_unique<Crowd>(plan);
  if (!crowd->open()) throw std::runtime_error("not all readers got an answer");
  std::cout << json::object{{"readers", plan.readers}} << std::endl;
  const Stopwatch watch;
  const bool good = crowd->read();
  auto told = crowd->told(watch.elapsed());
  crowd.reset();
  if (server) told["processor_seconds"] = server->processor_seconds();
  std::cout << told << '\n';
  return good && told["missing"] == 0 && told["repeated"] == 0 ? 0 : 1;
}

}  // namespace
}  // namespace tamroi::bench

int main(int argc, char** argv) {
  tamroi::bench::Plan plan;
  bool least = false;
  CLI::App app("Reads a live feed on 127.0.0.1 many times over and prints figures as JSON.");
  app.add_option("--port", plan.port);
  app.add_option("--path", plan.path);
  app.add_option("--token", plan.token);
  app.add_option("--readers", plan.readers);
  app.add_option("--sources", plan.sources, "addresses that they come from: 127.0.0.1 and up")->check(CLI::Range(1, 250));
  app.add_option("--changes", plan.changes, "that each shall get");
  app.add_option("--within", plan.within, "seconds");
  app.add_flag("--least", least, "from the least server, which it starts");
  app.add_option("--rate", plan.rate, "changes a second of the least server");
  app.add_option("--size", plan.size_bytes, "of an event of the least server");
  CLI11_PARSE(app, argc, argv);
  try {
    return tamroi::bench::run(std::move(plan), least);
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
}
