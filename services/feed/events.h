#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "feed/cursor.h"
#include "projection/projection.h"

namespace tamroi::feed {

// One change, as it is sent to whoever wants it.
struct Event {
  Cursor cursor;  // after it
  std::string round;
  std::string unit;
  std::uint32_t indicator = 0;
  std::string text;  // of server-sent events
};

// The events of one entry of the ledger, in order.
using Entry = std::vector<Event>;

// The events of the entries from `from` up to `until`, exclusive; fewer where what they say is not folded here yet, and
// no more than about `bytes_max`. Entries that do not count have none.
[[nodiscard]] std::vector<std::shared_ptr<const Entry>> read_events(projection::Projection& projection, event::Offset from, event::Offset until,
                                                                    std::size_t bytes_max);

// Tells how far the feed has come, also to those who want none of its events.
[[nodiscard]] std::string position_event(const Cursor& cursor);

// Which changes a reader wants.
struct Filter {
  std::string round;            // empty: any
  std::string unit;             // with its subtree; empty: any
  std::uint32_t indicator = 0;  // 0: any
  auto operator<=>(const Filter&) const = default;
  [[nodiscard]] bool takes(const Event& event, const reporting::Published& published) const;
};

}  // namespace tamroi::feed
