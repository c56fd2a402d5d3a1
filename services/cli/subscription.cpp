#include "cli/subscription.h"

#include <csignal>
#include <optional>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>

#include <fmt/format.h>

namespace tamroi::cli {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using boost::system::error_code;

namespace {

constexpr std::size_t event_bytes_max = std::size_t{16} << 20;
constexpr std::size_t refusal_bytes_max = std::size_t{1} << 20;

}  // namespace

class Subscription::Connection {
 public:
  explicit Connection(Client::Settings settings) : settings_(std::move(settings)) {
    signals_.async_wait([this](const error_code& error, int) {
      if (error) return;
      interrupted_ = true;
      if (cancel_) cancel_();
    });
  }

  Ended follow(const std::string& target, const std::string& last_id, const Take& take) {
    Ended ended;
    try {
      ended = read(target, last_id, take, ended.reached);
    } catch (const boost::system::system_error& error) {
      ended.failure = error.code();
    }
    stream_.reset();
    if (interrupted_) ended.end = End::Interrupted;
    return ended;
  }

  bool pause(std::chrono::seconds time) {
    asio::steady_timer timer(context_, time);
    const auto result = run([&](auto done) { timer.async_wait(done); }, [&] { timer.cancel(); });
    return !result;
  }

  [[nodiscard]] const Endpoint& endpoint() const { return settings_.endpoint; }

 private:
  // What was started, to its end; `cancel` is called on an interruption.
  template <typename Start>
  error_code run(Start start, const std::function<void()>& cancel) {
    std::optional<error_code> result;
    context_.restart();
    start([&result](const error_code& error, const auto&...) { result = error; });
    cancel_ = cancel;
    if (interrupted_) cancel();
    while (!result) context_.run_one();
    cancel_ = nullptr;
    return *result;
  }

  template <typename Start>
  void run_within(std::chrono::seconds within, Start start) {
    stream_->expires_after(within);
    if (const auto error = run(start, [this] { stream_->cancel(); })) throw boost::system::system_error(error);
  }

  void connect() {
    asio::ip::tcp::resolver resolver(context_);
    asio::ip::tcp::resolver::results_type found;
    const auto port = fmt::to_string(settings_.endpoint.port);
    const auto failed = run(
        [&](auto done) {
          resolver.async_resolve(settings_.endpoint.host, port, [&found, done](const error_code& error, auto results) {
            found = std::move(results);
            done(error);
          });
        },
        [&] { resolver.cancel(); });
    if (failed) throw boost::system::system_error(failed);
    stream_.emplace(context_);
    run_within(settings_.connect_within, [&](auto done) { stream_->async_connect(found, done); });
  }

  [[nodiscard]] http::request<http::empty_body> request(const std::string& target, const std::string& last_id) const {
    http::request<http::empty_body> request(http::verb::get, target, 11);
    request.set(http::field::host, settings_.endpoint.authority());
    request.set(http::field::user_agent, "tamroi");
    request.set(http::field::accept, "text/event-stream");
    if (!settings_.token.empty()) request.set(http::field::authorization, "Bearer " + settings_.token);
    if (!last_id.empty()) request.set("Last-Event-ID", last_id);
    return request;
  }

  Ended read(const std::string& target, const std::string& last_id, const Take& take, bool& reached) {
    connect();
    const auto request = this->request(target, last_id);
    run_within(settings_.answer_within, [&](auto done) { http::async_write(*stream_, request, done); });
    beast::flat_buffer buffer;
    http::response_parser<http::string_body> parser;
    parser.body_limit(boost::none);
    run_within(settings_.answer_within, [&](auto done) { http::async_read_header(*stream_, buffer, parser, done); });
    auto& response = parser.get();
    const bool is_feed =
        response.result_int() == 200 && response[http::field::content_type].starts_with("text/event-stream");
    if (!is_feed) return refused(parser, buffer);
    reached = true;
    EventReader events;
    while (true) {
      for (const auto& event : events.take(response.body())) {
        if (!take(event)) return {End::Enough, true, {}, {}};
      }
      response.body().clear();
      if (parser.is_done()) return {End::Lost, true, http::make_error_code(http::error::end_of_stream), {}};
      if (events.waiting_bytes() > event_bytes_max) {
        return {End::Lost, true, http::make_error_code(http::error::body_limit), {}};
      }
      run_within(silence_max, [&](auto done) { http::async_read_some(*stream_, buffer, parser, done); });
    }
  }

  Ended refused(http::response_parser<http::string_body>& parser, beast::flat_buffer& buffer) {
    while (!parser.is_done() && parser.get().body().size() < refusal_bytes_max) {
      run_within(settings_.answer_within, [&](auto done) { http::async_read_some(*stream_, buffer, parser, done); });
    }
    auto& response = parser.get();
    return {End::Refused,
            false,
            {},
            {response.result_int(), response.body(), retry_after_of(response[http::field::retry_after])}};
  }

  Client::Settings settings_;
  asio::io_context context_;
  asio::signal_set signals_{context_, SIGINT, SIGTERM};
  std::optional<beast::tcp_stream> stream_;
  std::function<void()> cancel_;
  bool interrupted_ = false;
};

Subscription::Subscription(Client::Settings settings)
    : connection_(std::make_unique<Connection>(std::move(settings))) {}
Subscription::~Subscription() = default;

Subscription::Ended Subscription::follow(const std::string& target, const std::string& last_id, const Take& take) {
  return connection_->follow(target, last_id, take);
}
const Endpoint& Subscription::endpoint() const { return connection_->endpoint(); }
bool Subscription::pause(std::chrono::seconds time) { return connection_->pause(time); }

}  // namespace tamroi::cli
