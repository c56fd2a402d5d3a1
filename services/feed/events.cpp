#include "feed/events.h"

#include <boost/json.hpp>
#include <fmt/format.h>

#include "base/check.h"
#include "event/ledger_entry.h"
#include "projection/outcomes.h"

namespace tamroi::feed {
namespace {

namespace json = boost::json;

std::string text_of(const event::Change& change, const answer::Cause& cause, const Cursor& cursor) {
  return fmt::format("event: change\nid: {}\ndata: {}\n\n", to_string(cursor), json::serialize(answer::change(change, cause)));
}

// Nothing where the record is not folded here yet.
std::optional<Entry> read_entry(projection::Projection& projection, event::Offset index, std::string_view bytes) {
  const auto decoded = event::decode_ledger_entry(bytes);
  CHECK(decoded.has_value());
  const event::Position position{decoded->leaf.stream, decoded->leaf.offset};
  const auto published = projection.model().published(position);
  if (!published || published->index != index) return Entry{};
  const auto outcome = event::decode_outcome(decoded->outcome);
  CHECK(outcome.has_value());
  if (outcome->changes.empty()) return Entry{};
  const auto folded = projection.model().folded(position);
  if (!folded) return std::nullopt;
  const auto cause = projection::cause_of(*folded);
  Entry entry;
  for (const auto& change : outcome->changes) {
    const Cursor cursor{index, static_cast<std::uint32_t>(entry.size() + 1)};
    entry.push_back({cursor, change.round, change.unit, change.indicator, text_of(change, cause, cursor)});
  }
  return entry;
}

}  // namespace

std::vector<std::shared_ptr<const Entry>> read_events(projection::Projection& projection, event::Offset from, event::Offset until,
                                                      std::size_t bytes_max) {
  std::vector<std::shared_ptr<const Entry>> entries;
  const std::size_t count = until > from ? until - from : 0;
  for (const auto& entry : projection.journal().read(event::ledger_stream, from, count, bytes_max)) {
    auto events = read_entry(projection, entry.offset, entry.bytes);
    if (!events) break;
    entries.push_back(std::make_shared<const Entry>(std::move(*events)));
  }
  return entries;
}

std::string position_event(const Cursor& cursor) {
  return fmt::format("event: position\nid: {}\ndata: {{\"ledger\":{}}}\n\n", to_string(cursor), cursor.index);
}

bool Filter::takes(const Event& event, const reporting::Published& published) const {
  if ((!round.empty() && event.round != round) || (indicator != 0 && event.indicator != indicator)) return false;
  if (unit.empty()) return true;
  const auto* plan = published.plan(event.round);
  return plan != nullptr && plan->units.within(event.unit, unit);
}

}  // namespace tamroi::feed
