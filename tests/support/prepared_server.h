#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>

namespace tamroi::support {

// An HTTP server on a free port of this machine that gives prepared answers in order, then the last one again, and
// remembers what it was asked.
class PreparedServer {
 public:
  using Request = boost::beast::http::request<boost::beast::http::string_body>;
  struct Answer {
    unsigned status = 200;
    std::string body = {};
    std::string retry_after = {};
    bool closes = false;  // the connection, without saying so
    bool breaks = false;  // off in the middle of the answer
    std::string type = "application/json";
  };

  explicit PreparedServer(std::vector<Answer> answers)
      : answers_(std::move(answers)),
        acceptor_(context_, {boost::asio::ip::make_address("127.0.0.1"), 0}),
        port_(acceptor_.local_endpoint().port()),
        thread_([this] { serve(); }) {}
  PreparedServer(const PreparedServer&) = delete;
  PreparedServer& operator=(const PreparedServer&) = delete;
  ~PreparedServer() {
    stopping_ = true;
    boost::asio::ip::tcp::socket last(context_);
    boost::system::error_code ignored;
    last.connect({boost::asio::ip::make_address("127.0.0.1"), port_}, ignored);
    thread_.join();
  }

  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] std::vector<Request> asked() const {
    const std::lock_guard lock(mutex_);
    return asked_;
  }
  [[nodiscard]] int connections() const { return connections_; }

 private:
  void serve() {
    while (!stopping_) {
      boost::asio::ip::tcp::socket socket(context_);
      boost::system::error_code error;
      acceptor_.accept(socket, error);
      if (stopping_ || error) return;
      ++connections_;
      converse(socket);
    }
  }

  void converse(boost::asio::ip::tcp::socket& socket) {
    namespace http = boost::beast::http;
    boost::beast::flat_buffer buffer;
    boost::system::error_code error;
    while (true) {
      Request request;
      http::read(socket, buffer, request, error);
      if (error) return;
      const auto& answer = answers_[std::min(next_, answers_.size() - 1)];
      ++next_;
      {
        const std::lock_guard lock(mutex_);
        asked_.push_back(std::move(request));
      }
      http::response<http::string_body> response(http::int_to_status(answer.status), 11, answer.body);
      response.set(http::field::content_type, answer.type);
      if (!answer.retry_after.empty()) response.set(http::field::retry_after, answer.retry_after);
      response.prepare_payload();
      if (answer.breaks) response.content_length(answer.body.size() + 1);
      http::write(socket, response, error);
      if (error || answer.closes || answer.breaks) return;
    }
  }

  std::vector<Answer> answers_;
  std::size_t next_ = 0;
  mutable std::mutex mutex_;
  std::vector<Request> asked_;
  std::atomic<int> connections_ = 0;
  std::atomic<bool> stopping_ = false;
  boost::asio::io_context context_;
  boost::asio::ip::tcp::acceptor acceptor_;
  std::uint16_t port_;
  std::thread thread_;
};

}  // namespace tamroi::support
