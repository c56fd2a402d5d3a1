#pragma once

#include "cli/sending.h"
#include "cli/submissions.h"

namespace tamroi::cli {

inline constexpr std::string_view submissions_route = "/v1/submissions";
inline constexpr std::string_view controls_route = "/v1/controls";

// What became of something that was sent.
enum class Fate : std::uint8_t { Accepted, Rejected, Refused, Pending };
[[nodiscard]] Fate fate_of(const Reply& reply);

// Sends it until the server is no longer busy, and asks for its outcome until it has one; gives up after a minute or
// two, with the last reply.
class Patience {
 public:
  Patience(Client& client, const Pause& pause) : client_(client), pause_(pause) {}
  [[nodiscard]] Reply send(std::string_view route, const Posted& posted) const;

 private:
  [[nodiscard]] Reply post(std::string_view route, const Posted& posted) const;

  Client& client_;
  const Pause& pause_;
};

}  // namespace tamroi::cli
