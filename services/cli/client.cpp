#include "cli/client.h"

#include <optional>

#include <boost/asio/connect.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>

#include <fmt/format.h>

namespace tamroi::cli {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;

namespace {

constexpr std::uint64_t body_bytes_max = 256ULL << 20U;
constexpr std::string_view wait_for_outcome = "wait=10";

}  // namespace

class Client::Connection {
 public:
  explicit Connection(Settings settings) : settings_(std::move(settings)) {}

  Reply get(const std::string& target) { return get_as(settings_.token, target); }
  Reply get_as(const std::string& token, const std::string& target) {
    return ask(request(http::verb::get, target, token));
  }
  Reply post(const std::string& target, std::string_view json) {
    return post(target, {.body = json, .token = settings_.token, .time = settings_.time, .waits = true});
  }
  Reply post_lines(const std::string& target, std::string_view ndjson) {
    return post(target, {.body = ndjson, .lines = true, .token = settings_.token, .time = settings_.time, .waits = true});
  }
  Reply post(const std::string& target, const Outgoing& outgoing) {
    auto request = this->request(http::verb::post, target, outgoing.token);
    const auto* type = outgoing.lines ? "application/x-ndjson" : "application/json";
    request.set(http::field::content_type, type);
    request.set(http::field::accept, type);
    if (outgoing.waits) request.set("Prefer", wait_for_outcome);
    if (!outgoing.time.empty()) request.set("Tamroi-Time", outgoing.time);
    request.body() = outgoing.body;
    request.prepare_payload();
    return ask(request);
  }

 private:
  using Request = http::request<http::string_body>;

  Reply ask(const Request& request) {
    const bool kept = stream_.has_value();
    try {
      return exchange(request);
    } catch (const boost::system::system_error& error) {
      stream_.reset();
      if (!kept || error.code() == beast::error::timeout) unreachable(error.code());
    }
    try {
      return exchange(request);
    } catch (const boost::system::system_error& error) {
      stream_.reset();
      unreachable(error.code());
    }
  }

  [[noreturn]] void unreachable(const boost::system::error_code& code) const {
    throw ServerUnreachable(settings_.endpoint, code);
  }

  // Beast keeps deadlines of asynchronous operations only: each is started, and runs until it has ended.
  template <typename Start>
  void run(std::chrono::seconds within, Start start) {
    boost::system::error_code result = asio::error::would_block;
    stream_->expires_after(within);
    start([&result](const boost::system::error_code& error, const auto&...) { result = error; });
    context_.restart();
    context_.run();
    if (result) throw boost::system::system_error(result);
  }

  void connect() {
    asio::ip::tcp::resolver resolver(context_);
    const auto found = resolver.resolve(settings_.endpoint.host, fmt::to_string(settings_.endpoint.port));
    buffer_.clear();
    stream_.emplace(context_);
    run(settings_.connect_within, [&](auto done) { stream_->async_connect(found, done); });
    stream_->socket().set_option(asio::ip::tcp::no_delay(true));
  }

  Reply exchange(const Request& request) {
    if (!stream_) connect();
    bool cut = false;
    try {
      run(settings_.answer_within, [&](auto done) { http::async_write(*stream_, request, done); });
    } catch (const boost::system::system_error& error) {
      // A body that is refused unread is cut off, and the reason is on its way.
      if (error.code() == beast::error::timeout) throw;
      cut = true;
    }
    http::response_parser<http::string_body> parser;
    parser.body_limit(body_bytes_max);
    run(settings_.answer_within, [&](auto done) { http::async_read(*stream_, buffer_, parser, done); });
    auto response = parser.release();
    if (cut || !response.keep_alive()) stream_.reset();
    return {response.result_int(), std::move(response.body()), retry_after_of(response[http::field::retry_after])};
  }

  [[nodiscard]] Request request(http::verb verb, const std::string& target, const std::string& token) const {
    Request request(verb, target, 11);
    request.set(http::field::host, settings_.endpoint.authority());
    request.set(http::field::user_agent, "tamroi");
    request.set(http::field::accept, "application/json");
    if (!token.empty()) request.set(http::field::authorization, "Bearer " + token);
    return request;
  }

  Settings settings_;
  asio::io_context context_;
  std::optional<beast::tcp_stream> stream_;
  beast::flat_buffer buffer_;
};

std::string Endpoint::authority() const {
  return numeric_ipv6 ? fmt::format("[{}]:{}", host, port) : fmt::format("{}:{}", host, port);
}

std::string Endpoint::to_string() const { return "http://" + authority(); }

std::expected<Endpoint, std::string> parse_endpoint(std::string_view url) {
  constexpr std::string_view scheme = "http://";
  const auto wrong = [url](std::string_view why) {
    return std::unexpected(fmt::format("The address '{}' {}; it must look like http://host:port.", url, why));
  };
  if (url.starts_with("https://")) return wrong("asks for https, which the program does not speak");
  if (!url.starts_with(scheme)) return wrong("does not begin with http://");
  auto rest = url.substr(scheme.size());
  if (rest.ends_with('/')) rest.remove_suffix(1);
  if (rest.find_first_of("/?#@") != std::string_view::npos) return wrong("has more than a host and a port");
  Endpoint endpoint;
  std::string_view port;
  if (rest.starts_with('[')) {
    const auto end = rest.find(']');
    if (end == std::string_view::npos) return wrong("has no closing bracket");
    endpoint.host = rest.substr(1, end - 1);
    endpoint.numeric_ipv6 = true;
    port = rest.substr(end + 1);
  } else {
    const auto colon = std::min(rest.find(':'), rest.size());
    endpoint.host = rest.substr(0, colon);
    port = rest.substr(colon);
  }
  if (endpoint.host.empty()) return wrong("has no host");
  if (endpoint.host.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-_:%") !=
      std::string::npos) {
    return wrong("has a host that is no name");
  }
  if (port.empty()) return endpoint;
  std::uint32_t number = 0;
  for (const char c : port.substr(1)) {
    if (c < '0' || c > '9' || number > 65535) return wrong("has a port that is no number");
    number = 10 * number + static_cast<std::uint32_t>(c - '0');
  }
  if (port[0] != ':' || number == 0 || number > 65535) return wrong("has a port that is no number from 1 to 65535");
  endpoint.port = static_cast<std::uint16_t>(number);
  return endpoint;
}

std::string encoded(std::string_view part) {
  std::string out;
  for (const char c : part) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                       c == '_' || c == '.' || c == '~';
    if (plain) {
      out += c;
    } else {
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return out;
}

std::string query_of(const std::vector<std::pair<std::string_view, std::string>>& parameters) {
  std::string out;
  for (const auto& [name, value] : parameters) {
    if (value.empty()) continue;
    out += out.empty() ? '?' : '&';
    out += name;
    out += '=';
    out += encoded(value);
  }
  return out;
}

ServerUnreachable::ServerUnreachable(const Endpoint& endpoint, std::error_code why)
    : std::system_error(why, fmt::format("The server at {} could not be reached", endpoint.to_string())) {}

std::chrono::seconds retry_after_of(std::string_view header) {
  std::int64_t seconds = 0;
  for (const char c : header) {
    if (c < '0' || c > '9' || seconds > 3600) break;
    seconds = 10 * seconds + (c - '0');
  }
  return std::chrono::seconds(seconds);
}

Client::Client(Settings settings) : connection_(std::make_unique<Connection>(std::move(settings))) {}
Client::~Client() = default;

Reply Client::get(const std::string& target) { return connection_->get(target); }
Reply Client::post(const std::string& target, std::string_view json) { return connection_->post(target, json); }
Reply Client::post_lines(const std::string& target, std::string_view ndjson) { return connection_->post_lines(target, ndjson); }
Reply Client::get_as(const std::string& token, const std::string& target) { return connection_->get_as(token, target); }
Reply Client::post(const std::string& target, const Outgoing& outgoing) { return connection_->post(target, outgoing); }

}  // namespace tamroi::cli
