#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <system_error>

#include "cli/client.h"
#include "cli/event_reader.h"

namespace tamroi::cli {

// Reads an answer that has no end, server-sent events, until somebody has enough. While one lives, Ctrl-C does not end
// the program, but what it waits for.
//
// Limits: a connection that is silent for silence_max counts as lost; events of at most 16 MiB.
class Subscription {
 public:
  static constexpr std::chrono::seconds silence_max{45};  // the server speaks every 15 s at least

  enum class End : std::uint8_t { Enough, Interrupted, Lost, Refused };
  struct Ended {
    End end = End::Lost;
    bool reached = false;          // the server had begun to answer
    std::error_code failure = {};  // why it was lost
    Reply refusal = {};
  };
  using Take = std::function<bool(const StreamEvent&)>;  // false: enough

  explicit Subscription(Client::Settings settings);
  ~Subscription();
  Subscription(const Subscription&) = delete;
  Subscription& operator=(const Subscription&) = delete;

  [[nodiscard]] const Endpoint& endpoint() const;
  // Over a connection of its own; after the event of that id, or from now on where it is empty.
  [[nodiscard]] Ended follow(const std::string& target, const std::string& last_id, const Take& take);
  // False where it was interrupted.
  [[nodiscard]] bool pause(std::chrono::seconds time);

 private:
  class Connection;
  std::unique_ptr<Connection> connection_;
};

}  // namespace tamroi::cli
