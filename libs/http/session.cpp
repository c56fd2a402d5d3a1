#include "http/session.h"

#include "base/check.h"
#include "http/in_flight.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <algorithm>
#include <array>

namespace tamroi::http {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

constexpr asio::as_tuple_t<asio::use_awaitable_t<Executor>> awaiting;
// The rest of the largest upload and as much again: most clients read no answer before they have sent everything.
constexpr std::size_t linger_bytes_max = std::size_t{32} << 20;

std::array<asio::const_buffer, 2> buffers_of(std::string_view head, std::string_view body) {
  return {asio::buffer(head.data(), head.size()), asio::buffer(body.data(), body.size())};
}

// Whoever still holds the mailbox then talks to nobody.
struct ClosingMailbox {
  std::shared_ptr<Mailbox> mailbox;
  ~ClosingMailbox() { mailbox->close(); }
};

Response unavailable(std::string why) { return later(503, base::Code::Unavailable, std::move(why), 1); }

}  // namespace

Session::Session(Socket socket, Edge& edge, std::shared_ptr<Turns> turns, std::string address)
    : socket_(std::move(socket)),
      edge_(edge),
      turns_(std::move(turns)),
      address_(std::move(address)),
      subscriber_(subscriber_of(address_)),
      proxied_(edge.trusts(address_)),
      buffer_(buffer_bytes_max),
      watch_(socket_.get_executor()),
      mail_(socket_.get_executor()) {
  error_code ignored;
  socket_.non_blocking(true, ignored);
}

Task<void> Session::run() {
  while (!stopping_) {
    const Next next = co_await serve_one();
    busy_ = false;
    if (next == Next::GoOn) continue;
    if (next == Next::Linger) co_await linger();
    break;
  }
  no_limit();
  watch_.cancel();
  close();
}

void Session::stop() {
  stopping_ = true;
  if (!busy_) close();
  mail_.cancel();
}

void Session::cut_off() {
  stopping_ = true;
  cut_off_ = true;
  close();
  mail_.cancel();
}

Task<Session::Next> Session::serve_one() {
  HeaderScan scan;
  const HeaderScan::State state = co_await read_header(scan);
  if (state == HeaderScan::State::Incomplete || stopping_) co_return Next::Close;
  busy_ = true;
  began_ = Clock::now();
  route_ = {};
  ++requests_;
  std::expected<Head, Response> head = state == HeaderScan::State::Complete
                                           ? inspect(received().substr(0, scan.size()), edge_.rules)
                                           : std::unexpected(malformed("The header is too long or no HTTP."));
  if (!head) {
    Request unknown;
    unknown.remote = address_;
    unknown.request_id = Edge::new_request_id();
    co_return co_await reply(head.error(), unknown, Next::Linger);
  }
  co_return co_await serve(*head, scan.size());
}

Task<HeaderScan::State> Session::read_header(HeaderScan& scan) {
  const Deadlines& deadlines = edge_.options.deadlines;
  bool begun = requests_ == 0 || buffer_.size() > 0;
  limit(Clock::now() + (begun ? deadlines.header : deadlines.idle));
  while (true) {
    const HeaderScan::State state = scan.scan(received(), edge_.rules.header_bytes_max);
    if (state != HeaderScan::State::Incomplete) {
      no_limit();
      co_return state;
    }
    if (!begun && buffer_.size() > 0) {
      limit(Clock::now() + deadlines.header);
      begun = true;
    }
    const auto [error, bytes] = co_await socket_.async_read_some(buffer_.prepare(read_bytes), awaiting);
    if (error) co_return HeaderScan::State::Incomplete;
    buffer_.commit(bytes);
  }
}

Task<Session::Next> Session::serve(Head& head, std::size_t header_bytes) {
  Request& request = head.request;
  request.remote = proxied_ ? edge_.client_of(request, address_) : address_;
  request.request_id = Edge::request_id_of(request);
  head.keep_alive = head.keep_alive && requests_ < edge_.options.limits.requests_of_connection_max;
  InFlight in_flight(edge_);
  if (const std::optional<Response> refusal = limited(request, in_flight)) {
    co_return co_await answer_early(*refusal, head, header_bytes);
  }
  Admission admission = ask(request);
  route_ = admission.route;
  in_flight.hold(std::move(admission.held));
  if (const auto* answer = std::get_if<Response>(&admission.verdict)) {
    co_return co_await answer_early(*answer, head, header_bytes);
  }
  Accept& accept = std::get<Accept>(admission.verdict);
  if (head.has_body()) {
    const std::uint64_t most = accept.body_bytes_max;
    const std::uint64_t bytes = head.chunked ? most : std::min(head.content_length, most);
    if (!in_flight.reserve(bytes)) {
      const Response refusal = later(503, base::Code::Unavailable, "Too many bodies are under way.", 1);
      co_return co_await answer_early(refusal, head, header_bytes);
    }
    const std::optional<Next> failed = co_await read_body(head, header_bytes, most);
    if (failed) co_return *failed;
  } else {
    buffer_.consume(header_bytes);
  }
  co_return co_await exchange(head, in_flight);
}

std::optional<Response> Session::limited(const Request& request, InFlight& in_flight) {
  const std::string& subscriber = proxied_ ? subscriber_of(request.remote) : subscriber_;
  if (const std::optional<int> seconds = edge_.rates.take(subscriber, began_)) {
    return later(429, base::Code::TooManyRequests, "Requests of this address come too fast.", *seconds);
  }
  if (proxied_ && !in_flight.count_forwarded(subscriber)) {
    return later(429, base::Code::TooManyRequests, "Too many requests of this address.", 1);
  }
  return std::nullopt;
}

Task<Session::Next> Session::answer_early(const Response& answer, const Head& head, std::size_t header_bytes) {
  if (head.has_body()) return reply(answer, head.request, Next::Linger);
  buffer_.consume(header_bytes);
  return reply(answer, head.request, head.keep_alive ? Next::GoOn : Next::Linger);
}

Task<Session::Next> Session::exchange(Head& head, InFlight& in_flight) {
  Request brief;
  brief.method = head.request.method;
  brief.path = head.request.path;
  brief.remote = head.request.remote;
  brief.request_id = head.request.request_id;
  const Clock::time_point deadline = Clock::now() + edge_.options.deadlines.request;
  const ClosingMailbox open{hand_over(std::move(head.request))};
  const bool mail_came = co_await wait_for_mail(*open.mailbox, deadline);
  if (cut_off_) co_return Next::Close;
  if (!mail_came) co_return co_await reply(unavailable("No answer in time."), brief, Next::Linger);
  Mailbox::Mail mail = open.mailbox->take();
  if (mail.streaming) {
    in_flight.become_stream();
    co_return co_await relay(*open.mailbox, std::move(mail), brief, head.chunks_understood);
  }
  co_return co_await reply(*mail.answer, brief, head.keep_alive ? Next::GoOn : Next::Linger);
}

Task<bool> Session::wait_for_mail(Mailbox& mailbox, Clock::time_point deadline) {
  while (!mailbox.has_mail()) {
    if (cut_off_ || Clock::now() >= deadline) co_return false;
    mail_.expires_at(deadline);
    co_await mail_.async_wait(awaiting);
  }
  co_return true;
}

Task<Session::Next> Session::reply(const Response& response, const Request& request, Next next) {
  const bool go_on = next == Next::GoOn && !stopping_;
  const std::string rendered = render_head(response, request.request_id, BodyFraming::Length, !go_on);
  std::string_view head = rendered;
  const bool body_wanted = may_have_body(response.status) && request.method != "HEAD";
  std::string_view body = body_wanted ? response.bytes() : std::string_view();
  // Whoever sent requests ahead waits behind the other connections.
  const bool sent = (buffer_.size() == 0 && write_at_once(head, body)) || co_await write(head, body);
  edge_.answered(request, route_, response, Clock::now() - began_);
  if (!sent) co_return Next::Close;
  if (go_on) co_return Next::GoOn;
  // A server that stops does not wait for the client to close, unless bytes of it may be under way.
  co_return next == Next::GoOn ? Next::Close : Next::Linger;
}

bool Session::write_at_once(std::string_view& head, std::string_view& body) {
  error_code failed;
  const std::size_t written = socket_.write_some(buffers_of(head, body), failed);
  const std::size_t of_head = std::min(written, head.size());
  head.remove_prefix(of_head);
  body.remove_prefix(written - of_head);
  return head.empty() && body.empty();
}

Task<bool> Session::write(std::string_view head, std::string_view body) {
  limit(Clock::now() + edge_.options.deadlines.write);
  const auto [error, bytes] = co_await asio::async_write(socket_, buffers_of(head, body), awaiting);
  no_limit();
  co_return !error;
}

// Closing with unread bytes would reset the connection, and the client might never read the answer.
Task<void> Session::linger() {
  error_code ignored;
  socket_.shutdown(Socket::shutdown_send, ignored);
  limit(Clock::now() + edge_.options.deadlines.linger);
  std::size_t total = 0;
  while (total < linger_bytes_max) {
    buffer_.clear();
    const auto [error, bytes] = co_await socket_.async_read_some(buffer_.prepare(read_bytes), awaiting);
    if (error) co_return;
    total += bytes;
  }
}

Admission Session::ask(const Request& request) {
  try {
    return edge_.handler.admit(request);
  } catch (const base::Defect&) {
    throw;
  } catch (const std::exception& failure) {
    edge_.log.error("admit failed", {{"request_id", request.request_id}, {"why", failure.what()}});
    return unavailable("The request failed.");
  }
}

std::shared_ptr<Mailbox> Session::hand_over(Request request) {
  const auto wake = [session = weak_from_this(), executor = socket_.get_executor(), turns = turns_](Mailbox::Mails what) {
    if (what == Mailbox::Mails::Part) return turns->join(session);
    asio::dispatch(executor, [session] {
      if (const auto alive = session.lock()) alive->mail_came();
    });
  };
  auto mailbox = std::make_shared<Mailbox>(wake, edge_.options.limits.stream_bytes_max);
  const std::string request_id = request.request_id;
  try {
    edge_.handler.answer(std::move(request), Responder(mailbox));
  } catch (const base::Defect&) {
    throw;
  } catch (const std::exception& failure) {
    edge_.log.error("answer failed", {{"request_id", request_id}, {"why", failure.what()}});
    mailbox->put_answer(unavailable("The request failed."));
  }
  return mailbox;
}

std::string_view Session::received() const {
  const auto bytes = buffer_.cdata();
  return {static_cast<const char*>(bytes.data()), bytes.size()};
}

void Session::limit(Clock::time_point deadline) {
  deadline_ = deadline;
  if (deadline_ < watched_until_) watch();
}

// One timer a connection that is set anew only when it fires or a deadline comes before it.
void Session::watch() {
  watched_until_ = deadline_;
  watch_.expires_at(deadline_);
  watch_.async_wait([weak = weak_from_this()](const error_code& error) {
    const auto session = weak.lock();
    if (error || !session) return;
    session->watched_until_ = Clock::time_point::max();
    if (Clock::now() >= session->deadline_) {
      session->close();
    } else if (session->deadline_ != Clock::time_point::max()) {
      session->watch();
    }
  });
}

void Session::close() {
  error_code ignored;
  socket_.close(ignored);
}

}  // namespace tamroi::http
