#pragma once

#include "http/edge.h"
#include "http/mailbox.h"
#include "http/reply.h"
#include "http/turns.h"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <variant>

namespace tamroi::http {

// The io_context's own executor type spares each operation the indirection of any_io_executor.
using Executor = boost::asio::io_context::executor_type;
using Socket = boost::asio::basic_stream_socket<boost::asio::ip::tcp, Executor>;
using Timer = boost::asio::basic_waitable_timer<Clock, boost::asio::wait_traits<Clock>, Executor>;
template <typename T>
using Task = boost::asio::awaitable<T, Executor>;

class InFlight;

// One connection: gate, limits, admit, body, answer, again.
//
// Threads: that of its executor only.
// Errors:  none leave run() but a Defect.
class Session : public std::enable_shared_from_this<Session> {
 public:
  // What the buffer can hold with room for one more read.
  static constexpr std::size_t header_bytes_most = 64 * 1024;

  Session(Socket socket, Edge& edge, std::shared_ptr<Turns> turns, std::string address);

  Task<void> run();
  // Ends after the request in flight; at once if there is none.
  void stop();
  void cut_off();
  // Of the stream that it relays, or whatever it waits for.
  void mail_came();
  [[nodiscard]] const std::string& address() const { return address_; }

 private:
  static constexpr std::size_t read_bytes = 4 * 1024;
  // Also bounds the extensions and trailers of a chunked body.
  static constexpr std::size_t buffer_bytes_max = 2 * header_bytes_most;

  enum class Next : std::uint8_t { GoOn, Close, Linger };

  // A stream under way.
  struct Relay {
    Mailbox& mailbox;
    bool chunked;
    bool ended = false;   // nothing follows the rest
    bool failed = false;  // the client takes no more
    std::string rest;     // what the system did not take at once
  };

  Task<Next> serve_one();
  Task<HeaderScan::State> read_header(HeaderScan& scan);
  Task<Next> serve(Head& head, std::size_t header_bytes);
  // Without the body being read.
  Task<Next> answer_early(const Response& answer, const Head& head, std::size_t header_bytes);
  // Nothing once the body is there; otherwise how the connection goes on.
  Task<std::optional<Next>> read_body(Head& head, std::size_t header_bytes, std::uint64_t body_bytes_max);
  Task<Next> exchange(Head& head, InFlight& in_flight);
  Task<Next> relay(Mailbox& mailbox, Mailbox::Mail mail, const Request& request, bool chunked);
  // Notices the end of the client's side although nothing is sent to it just now.
  void watch_peer();
  void write_at_once(Relay& relay, const Mailbox::Mail& mail);
  Task<bool> wait_for_mail(Mailbox& mailbox, Clock::time_point deadline);
  Task<Next> reply(const Response& response, const Request& request, Next next);
  // Takes from both what the socket takes without waiting; true where that is all of it, as it mostly is.
  [[nodiscard]] bool write_at_once(std::string_view& head, std::string_view& body);
  Task<bool> write(std::string_view head, std::string_view body);
  Task<void> linger();

  // The answer to what is above a limit of its address.
  [[nodiscard]] std::optional<Response> limited(const Request& request, InFlight& in_flight);
  Admission ask(const Request& request);
  std::shared_ptr<Mailbox> hand_over(Request request);
  [[nodiscard]] Clock::time_point body_deadline(const Head& head, std::uint64_t body_bytes_max) const;
  [[nodiscard]] std::string_view received() const;
  // From now on the socket closes at the deadline.
  void limit(Clock::time_point deadline);
  void no_limit() { deadline_ = Clock::time_point::max(); }
  void watch();
  void close();

  Socket socket_;
  Edge& edge_;
  std::shared_ptr<Turns> turns_;
  std::string address_;
  std::string subscriber_;  // what of it counts for limits
  bool proxied_;
  boost::beast::flat_buffer buffer_;
  Timer watch_;  // closes the socket at the deadline
  Timer mail_;   // its cancellation says that there is mail
  Clock::time_point deadline_ = Clock::time_point::max();
  Clock::time_point watched_until_ = Clock::time_point::max();
  // The request in hand.
  Clock::time_point began_;
  std::string_view route_;
  std::size_t requests_ = 0;
  bool busy_ = false;  // a request is in flight
  bool stopping_ = false;
  bool cut_off_ = false;
  bool peer_gone_ = false;
  Relay* relay_ = nullptr;  // while it waits for mail
  std::array<char, 1> peer_byte_{};  // what a client sends during a stream is not looked at
};

}  // namespace tamroi::http
