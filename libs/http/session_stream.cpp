#include "http/session.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

namespace tamroi::http {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

constexpr asio::as_tuple_t<asio::use_awaitable_t<Executor>> awaiting;

// What lies behind so many bytes of them.
std::string behind(std::size_t bytes, const std::vector<asio::const_buffer>& buffers) {
  std::string rest;
  for (asio::const_buffer buffer : buffers) {
    const std::size_t skipped = std::min(bytes, buffer.size());
    bytes -= skipped;
    buffer += skipped;
    rest.append(static_cast<const char*>(buffer.data()), buffer.size());
  }
  return rest;
}

}  // namespace

Task<Session::Next> Session::relay(Mailbox& mailbox, Mailbox::Mail mail, const Request& request, bool chunked) {
  const BodyFraming framing = chunked ? BodyFraming::Chunked : BodyFraming::UntilClose;
  const std::string head = render_head(*mail.answer, request.request_id, framing, true);
  // It may stay open for very long, and there are very many: no memory for what does not come.
  buffer_.clear();
  buffer_.shrink_to_fit();
  error_code ignored;
  socket_.non_blocking(true, ignored);
  watch_peer();
  bool sent = co_await write(head, {});
  edge_.answered(request, route_, *mail.answer, Clock::now() - began_);
  Relay relay{.mailbox = mailbox, .chunked = chunked, .rest = {}};
  if (sent) write_at_once(relay, mail);
  while (sent && !relay.failed) {
    if (!relay.rest.empty()) sent = co_await write(std::exchange(relay.rest, {}), {});
    if (!sent || relay.ended || cut_off_ || stopping_ || peer_gone_) break;
    if (mailbox.has_mail()) {
      write_at_once(relay, mailbox.take());
      continue;
    }
    relay_ = &relay;
    mail_.expires_at(Clock::time_point::max());
    co_await mail_.async_wait(awaiting);
    relay_ = nullptr;
  }
  socket_.cancel(ignored);  // of the watching
  if (peer_gone_ || relay.failed) sent = false;
  if (sent && chunked && !cut_off_) sent = co_await write("0\r\n\r\n", {});
  edge_.log.debug("stream ended", {{"request_id", request.request_id}, {"route", route_}});
  co_return sent && !stopping_ ? Next::Linger : Next::Close;
}

// Most parts of a stream go to the system without its coroutine being woken, which would cost about as much again.
void Session::mail_came() {
  if (relay_ == nullptr) {
    mail_.cancel();
    return;
  }
  write_at_once(*relay_, relay_->mailbox.take());
  if (relay_->rest.empty() && !relay_->ended && !relay_->failed) return;
  relay_ = nullptr;
  mail_.cancel();
}

void Session::write_at_once(Relay& relay, const Mailbox::Mail& mail) {
  relay.ended = mail.ended;
  std::size_t bytes = 0;
  for (const auto& part : mail.parts) bytes += part->size();
  if (bytes == 0) return;
  const std::string size = relay.chunked ? fmt::format("{:x}\r\n", bytes) : std::string();
  std::vector<asio::const_buffer> buffers;
  buffers.reserve(mail.parts.size() + 2);
  if (relay.chunked) buffers.push_back(asio::buffer(size));
  for (const auto& part : mail.parts) buffers.push_back(asio::buffer(*part));
  if (relay.chunked) buffers.push_back(asio::buffer("\r\n", 2));
  error_code error;
  const std::size_t written = socket_.write_some(buffers, error);
  relay.failed = error && error != asio::error::would_block && error != asio::error::try_again;
  if (!relay.failed) relay.rest = behind(written, buffers);
}

void Session::watch_peer() {
  socket_.async_read_some(asio::buffer(peer_byte_), [session = shared_from_this()](const error_code& error, std::size_t) {
    session->peer_gone_ = error && error != asio::error::operation_aborted;
    if (session->peer_gone_) session->mail_.cancel();
  });
}

}  // namespace tamroi::http
