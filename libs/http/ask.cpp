#include "http/ask.h"

#include <charconv>
#include <exception>
#include <system_error>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <fmt/format.h>

namespace tamroi::http {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
using asio::ip::tcp;

constexpr std::uint64_t answer_bytes_max = 64 * 1024;

struct Exchange {
  const ServerUrl& server;
  std::string_view path;
  const std::optional<std::string>& body;
  Answer answer = {};
  std::exception_ptr failure = {};
  bool ended = false;
};

asio::awaitable<void> converse(Exchange& exchange) {
  const auto executor = co_await asio::this_coro::executor;
  tcp::resolver resolver(executor);
  const auto port = std::to_string(exchange.server.port);
  const auto endpoints = co_await resolver.async_resolve(exchange.server.host, port, asio::use_awaitable);
  beast::tcp_stream stream(executor);
  co_await stream.async_connect(endpoints, asio::use_awaitable);
  beast::http::request<beast::http::string_body> request;
  request.method(exchange.body ? beast::http::verb::post : beast::http::verb::get);
  request.target(exchange.server.prefix + std::string(exchange.path));
  request.version(11);
  request.set(beast::http::field::host, exchange.server.authority());
  request.set(beast::http::field::connection, "close");
  if (exchange.body) request.body() = *exchange.body;
  request.prepare_payload();
  co_await beast::http::async_write(stream, request, asio::use_awaitable);
  beast::flat_buffer buffer;
  beast::http::response_parser<beast::http::string_body> parser;
  parser.body_limit(answer_bytes_max);
  co_await beast::http::async_read(stream, buffer, parser, asio::use_awaitable);
  auto& response = parser.get();
  exchange.answer = {static_cast<int>(response.result_int()), std::string(response[beast::http::field::content_type]), std::move(response.body())};
}

}  // namespace

std::string ServerUrl::authority() const { return host.contains(':') ? fmt::format("[{}]:{}", host, port) : fmt::format("{}:{}", host, port); }

std::optional<ServerUrl> parse_server_url(std::string_view url) {
  constexpr std::string_view scheme = "http://";
  if (!url.starts_with(scheme)) return std::nullopt;
  url.remove_prefix(scheme.size());
  while (url.ends_with('/')) url.remove_suffix(1);
  const auto slash = std::min(url.find('/'), url.size());
  ServerUrl server{{}, 80, std::string(url.substr(slash))};
  auto authority = url.substr(0, slash);
  const auto colon = authority.rfind(':');
  if (colon != std::string_view::npos && authority.find(']', colon) == std::string_view::npos) {
    const auto digits = authority.substr(colon + 1);
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), server.port);
    if (error != std::errc() || end != digits.data() + digits.size() || server.port == 0) return std::nullopt;
    authority = authority.substr(0, colon);
  }
  if (authority.starts_with('[') && authority.ends_with(']')) authority = authority.substr(1, authority.size() - 2);
  server.host = authority;
  const bool fits = !server.host.empty() && server.host.find_first_of("@ ?#[]") == std::string::npos && server.prefix.find_first_of(" ?#") == std::string::npos;
  return fits ? std::optional(server) : std::nullopt;
}

Answer ask(const ServerUrl& server, std::string_view path, const std::optional<std::string>& body, std::chrono::milliseconds within) {
  Exchange exchange{server, path, body};
  asio::io_context context;
  asio::co_spawn(context, converse(exchange), [&exchange](const std::exception_ptr& failure) {
    exchange.failure = failure;
    exchange.ended = true;
  });
  context.run_for(within);
  const auto of = [&] { return fmt::format("asking {}", server.authority()); };
  if (!exchange.ended) throw std::system_error(std::make_error_code(std::errc::timed_out), of());
  if (!exchange.failure) return std::move(exchange.answer);
  try {
    std::rethrow_exception(exchange.failure);
  } catch (const boost::system::system_error& failure) {
    throw std::system_error(failure.code(), of());
  }
}

}  // namespace tamroi::http
