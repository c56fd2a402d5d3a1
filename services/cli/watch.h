#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>

#include "cli/client.h"
#include "cli/screen.h"
#include "cli/subscription.h"

namespace tamroi::cli {

// Which changes; what is empty or 0 was not asked for.
struct WatchWish {
  std::string unit = {};  // with all below it
  std::string round = {};
  std::uint32_t indicator = 0;
  std::string since = {};   // a cursor; "": from now on
  std::uint64_t limit = 0;  // so many changes
};

// Waits; false where it was interrupted.
using Rest = std::function<bool(std::chrono::seconds)>;

// Prints each change as it is published, until it is interrupted or has seen as many as were asked for. A lost
// connection is made anew, and goes on where it was lost.
//
// Errors: throws ServerUnreachable where it never was reached.
[[nodiscard]] Exit watch(Client& client, Subscription& feed, const WatchWish& wish, const Screen& screen,
                         const Rest& rest);

}  // namespace tamroi::cli
