#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "cli/client.h"
#include "cli/submissions.h"

namespace tamroi::cli {

inline constexpr std::string_view submissions_route = "/v1/submissions";
inline constexpr std::string_view controls_route = "/v1/controls";

// What became of something that was sent.
enum class Fate : std::uint8_t { Accepted, Rejected, Refused, Pending };
[[nodiscard]] Fate fate_of(const Reply& reply);

using Pause = std::function<void(std::chrono::seconds)>;
// Told why it waits.
using Notice = std::function<void(const std::string&)>;

// Asks until the server is no longer busy and there again, and for outcomes until they are there; gives up after a
// minute or two, with the last reply.
//
// Errors: throws ServerUnreachable, at once where the server never answered.
class Patience {
 public:
  Patience(Client& client, const Pause& pause, Notice notice = {})
      : client_(client), pause_(pause), notice_(std::move(notice)) {}

  // Sends it and waits for its outcome.
  [[nodiscard]] Reply send(std::string_view route, const Posted& posted);
  // Sends submissions, one a line.
  [[nodiscard]] Reply send_lines(std::string_view ndjson);
  // The outcome of what was taken with this receipt; the receipt where there is none yet.
  [[nodiscard]] Reply outcome(std::string_view route, const Posted& posted, const Reply& receipt);

 private:
  [[nodiscard]] Reply ask(const std::function<Reply()>& question);

  Client& client_;
  const Pause& pause_;
  Notice notice_;
  bool reached_ = false;
};

}  // namespace tamroi::cli
