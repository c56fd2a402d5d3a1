#include "http/session.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>

#include <algorithm>

namespace tamroi::http {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
using boost::system::error_code;

constexpr asio::as_tuple_t<asio::use_awaitable_t<Executor>> awaiting;
constexpr std::size_t reserved_bytes_max = 64 * 1024;

// Whether the client sent something wrong, and did not only go away.
bool is_unsound(const error_code& error) {
  using Reason = beast::http::error;
  return error && error != Reason::partial_message && error != Reason::end_of_stream &&
         error.category() == beast::http::make_error_code(Reason::bad_chunk).category();
}

// Beast takes any byte in a quoted value, also the line feed that ends the line for a laxer reader.
void check_extensions(std::uint64_t /*size*/, std::string_view extensions, error_code& wrong) {
  const bool sound = std::ranges::all_of(extensions, [](char c) { return c == '\t' || (c >= 0x20 && c <= 0x7E); });
  if (!sound) wrong = beast::http::error::bad_chunk_extension;
}

}  // namespace

Task<std::optional<Session::Next>> Session::read_body(Head& head, std::size_t header_bytes,
                                                      std::uint64_t body_bytes_max) {
  beast::http::request_parser<beast::http::string_body> parser;
  parser.header_limit(static_cast<std::uint32_t>(edge_.rules.header_bytes_max));
  parser.body_limit(boost::none);
  error_code wrong;
  const std::size_t used = parser.put(asio::buffer(received().data(), header_bytes), wrong);
  // Two readers must agree where the body ends.
  if (wrong || used != header_bytes || !parser.is_header_done() || parser.chunked() != head.chunked ||
      parser.content_length().value_or(0) != head.content_length) {
    co_return co_await reply(malformed("The header is no HTTP."), head.request, Next::Linger);
  }
  buffer_.consume(header_bytes);
  const Response too_large = problem(413, base::Code::TooLarge, "The body is too large.");
  if (head.content_length > body_bytes_max) co_return co_await reply(too_large, head.request, Next::Linger);
  parser.body_limit(body_bytes_max);
  if (head.expects_continue && buffer_.size() == 0) {
    const bool told = co_await write("HTTP/1.1 100 Continue\r\n\r\n", {});
    if (!told) co_return Next::Close;
  }
  auto check = check_extensions;
  parser.on_chunk_header(check);
  limit(body_deadline(head, body_bytes_max));
  if (head.content_length > read_bytes) buffer_.reserve(std::min<std::size_t>(head.content_length, reserved_bytes_max));
  const auto [error, bytes] = co_await beast::http::async_read(socket_, buffer_, parser, awaiting);
  no_limit();
  if (error == beast::http::error::body_limit) co_return co_await reply(too_large, head.request, Next::Linger);
  if (is_unsound(error)) co_return co_await reply(malformed("The body is not sound."), head.request, Next::Linger);
  if (error) co_return Next::Close;
  head.request.body = std::move(parser.get().body());
  if (buffer_.size() == 0 && buffer_.capacity() > 2 * read_bytes) buffer_.shrink_to_fit();
  co_return std::nullopt;
}

Clock::time_point Session::body_deadline(const Head& head, std::uint64_t body_bytes_max) const {
  const Deadlines& deadlines = edge_.options.deadlines;
  const std::uint64_t bytes = head.chunked ? body_bytes_max : head.content_length;
  const std::chrono::milliseconds fair(bytes * 1000 / deadlines.body_bytes_per_second);
  return Clock::now() + std::max(deadlines.body_least, fair);
}

}  // namespace tamroi::http
