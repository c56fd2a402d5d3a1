#pragma once

#include "http/server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <functional>
#include <mutex>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>

namespace tamroi::http {

// A raw loopback connection that gives up after ten seconds.
class Client {
 public:
  explicit Client(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    const timeval bound{.tv_sec = 10, .tv_usec = 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &bound, sizeof bound);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
      throw std::runtime_error("cannot connect");
    }
  }
  ~Client() { ::close(socket_); }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  void send(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return;
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
  }

  // Until the text has come; what was received so far if the server closes first.
  std::string read_until(std::string_view text) {
    while (!received_.contains(text) && read_more()) {
    }
    return received_;
  }

  // Everything until the server closes. Throws if it does not.
  std::string read_to_end() {
    while (read_more()) {
    }
    return received_;
  }

  // Waits at most that long.
  bool closed_within(std::chrono::milliseconds bound) {
    pollfd watched{.fd = socket_, .events = POLLRDHUP, .revents = 0};
    return ::poll(&watched, 1, static_cast<int>(bound.count())) > 0;
  }

  // One answer with Content-Length, taken off the front.
  std::string read_answer() {
    read_until("\r\n\r\n");
    const std::size_t head = received_.find("\r\n\r\n");
    const std::size_t field = received_.find("Content-Length: ");
    if (head == std::string::npos || field == std::string::npos) throw std::runtime_error("no answer: " + received_);
    const std::size_t size = head + 4 + std::stoul(received_.substr(field + 16));
    while (received_.size() < size && read_more()) {
    }
    std::string answer = received_.substr(0, size);
    received_.erase(0, size);
    return answer;
  }

 private:
  bool read_more() {
    char bytes[4096];
    const ssize_t got = ::recv(socket_, bytes, sizeof bytes, 0);
    if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) throw std::runtime_error("nothing came: " + received_);
    if (got <= 0) return false;
    received_.append(bytes, static_cast<std::size_t>(got));
    return true;
  }

  int socket_;
  std::string received_;
};

// Answers "METHOD path body" unless told otherwise.
class EchoHandler final : public Handler {
 public:
  Admission admit(const Request& head) override {
    ++admitted;
    Admission admission = on_admit ? on_admit(head) : Accept{};
    admission.route = "/everything";
    return admission;
  }
  void answer(Request request, Responder respond) override {
    ++answered;
    if (on_answer) return on_answer(std::move(request), std::move(respond));
    respond({.status = 200,
             .content_type = "text/plain",
             .body = request.method + " " + request.path + " " + request.body,
             .headers = {}});
  }

  std::function<Admission(const Request&)> on_admit;
  std::function<void(Request, Responder)> on_answer;
  std::atomic<int> admitted = 0;
  std::atomic<int> answered = 0;
};

// A started server on a free port.
struct ServerFixture {
  explicit ServerFixture(const ServerOptions& options = {}) : server(options, handler, log, metrics) { server.start(); }

  EchoHandler handler;
  std::ostringstream lines;
  telemetry::Log log{{.least = telemetry::Severity::Debug, .format = telemetry::LogFormat::Json, .out = &lines}};
  telemetry::Metrics metrics;
  Server server;
};

inline std::string get(std::string_view path, std::string_view more = "") {
  return "GET " + std::string(path) + " HTTP/1.1\r\nHost: localhost\r\n" + std::string(more) + "\r\n";
}

inline std::string post(std::string_view path, std::string_view body) {
  return "POST " + std::string(path) + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: " +
         std::to_string(body.size()) + "\r\n\r\n" + std::string(body);
}

inline int count_of(std::string_view text, std::string_view part) {
  int count = 0;
  for (std::size_t at = text.find(part); at != std::string_view::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

}  // namespace tamroi::http
