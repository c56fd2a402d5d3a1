#pragma once

#include "http/response.h"

#include <cstddef>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace tamroi::http {

// Between whoever answers, on any thread, and the session that waits for it.
//
// Invariants: one answer, the first; wake is called under the lock and never after close() has returned.
// Threads:    any.
class Mailbox {
 public:
  struct Mail {
    std::optional<Response> answer;  // once
    bool streaming = false;
    bool ended = false;  // of a stream: nothing follows these bytes
    std::string bytes;
  };

  Mailbox(std::function<void()> wake, std::size_t stream_bytes_max);

  void put_answer(Response response);
  void open_stream(Response head);
  [[nodiscard]] bool append(std::string_view bytes);
  void end_stream();
  [[nodiscard]] std::size_t waiting_bytes();
  [[nodiscard]] bool is_open();

  // What came since the last call.
  [[nodiscard]] Mail take();
  [[nodiscard]] bool has_mail();
  // The session has gone.
  void close();

 private:
  void wake();

  std::mutex mutex_;
  std::function<void()> wake_;  // empty once closed
  std::size_t stream_bytes_max_;
  std::optional<Response> answer_;
  bool answered_ = false;
  bool streaming_ = false;
  bool ended_ = false;
  bool end_taken_ = false;
  std::string bytes_;
};

}  // namespace tamroi::http
