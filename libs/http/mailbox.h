#pragma once

#include "http/response.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tamroi::http {

// The same for many readers of a stream.
using SharedBytes = std::shared_ptr<const std::string>;

// Between whoever answers, on any thread, and the session that waits for it.
//
// Invariants: one answer, the first; wake is called under the lock and never after close() has returned, nor for parts
//             behind some that were not taken yet.
// Threads:    any.
class Mailbox {
 public:
  struct Mail {
    std::optional<Response> answer;  // once
    bool streaming = false;
    bool ended = false;  // of a stream: nothing follows these bytes
    std::vector<SharedBytes> parts;
  };

  // A part of a stream may wait a moment longer than an answer or an end.
  enum class Mails : std::uint8_t { Answer, Part };

  Mailbox(std::function<void(Mails)> wake, std::size_t stream_bytes_max);

  void put_answer(Response response);
  void open_stream(Response head);
  [[nodiscard]] bool append(SharedBytes bytes);
  void end_stream();
  [[nodiscard]] std::size_t waiting_bytes();
  [[nodiscard]] bool is_open();

  // What came since the last call.
  [[nodiscard]] Mail take();
  [[nodiscard]] bool has_mail();
  // The session has gone.
  void close();

 private:
  void wake(Mails what);

  std::mutex mutex_;
  std::function<void(Mails)> wake_;  // empty once closed
  std::size_t stream_bytes_max_;
  std::optional<Response> answer_;
  bool answered_ = false;
  bool streaming_ = false;
  bool ended_ = false;
  bool end_taken_ = false;
  std::vector<SharedBytes> parts_;
  std::size_t waiting_bytes_ = 0;
};

}  // namespace tamroi::http
