#pragma once

#include "http/request.h"
#include "http/response.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace tamroi::http {

class Mailbox;

// The open end of an answer without an end of its own, such as server-sent events. Dropping it ends the answer.
//
// Threads: any, one at a time.
class Stream {
 public:
  explicit Stream(std::shared_ptr<Mailbox> mailbox);
  ~Stream();
  Stream(Stream&&) noexcept = default;
  Stream& operator=(Stream&&) = delete;

  // Never waits. False once the client is gone, the server stops or the client is too far behind.
  [[nodiscard]] bool send(std::string_view bytes);
  // Many streams may share them.
  [[nodiscard]] bool send(std::shared_ptr<const std::string> bytes);
  // What was sent and not handed to the connection yet.
  [[nodiscard]] std::size_t waiting_bytes() const;
  // False once send() would be.
  [[nodiscard]] bool open() const;

 private:
  std::shared_ptr<Mailbox> mailbox_;
};

// The one chance to answer a request; dropped without an answer, it answers 503.
//
// Threads: any; may outlive the connection and the server, and then does nothing.
class Responder {
 public:
  explicit Responder(std::shared_ptr<Mailbox> mailbox);
  ~Responder();
  Responder(Responder&&) noexcept = default;
  Responder& operator=(Responder&&) = delete;

  void operator()(Response response);
  // Sends the status and headers at once and the bytes as they come; the deadline of a request ends here.
  [[nodiscard]] Stream stream(Response head);

 private:
  std::shared_ptr<Mailbox> mailbox_;
};

// The body may come.
struct Accept {
  std::uint64_t body_bytes_max = 1 << 20;
};

// What is said of a request before its body.
struct Admission {
  Admission(std::variant<Response, Accept> said) : verdict(std::move(said)) {}  // NOLINT: stands for what it holds
  Admission(Response answer) : verdict(std::move(answer)) {}                    // NOLINT
  Admission(Accept accept) : verdict(accept) {}                                 // NOLINT

  std::variant<Response, Accept> verdict;
  std::string_view route = {};  // for logs and metrics: one of few, without what the client said; outlives the server
  // Let go once the request is answered or nobody waits for it any more; of a stream when it opens.
  std::shared_ptr<const void> held = {};
};

// What answers requests. Called on the threads of the server: neither call may block.
//
// Errors: a std::exception is logged and answered with 503; a Defect goes through and ends the process.
class Handler {
 public:
  virtual ~Handler() = default;
  // Sees everything but the body. A Response, a refusal or what can be answered at once, is sent without the body being
  // read, and answer() is not called.
  [[nodiscard]] virtual Admission admit(const Request& head) = 0;
  virtual void answer(Request request, Responder respond) = 0;
};

}  // namespace tamroi::http
