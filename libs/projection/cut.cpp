#include "projection/cut.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/check.h"
#include "projection/search.h"

namespace tamroi::projection {
namespace {

// Brokers refuse stamps that are older than 60 s by their clock, or 1 s ahead of it (record.md).
constexpr std::int64_t late_max_micros = 61'000'000;

}  // namespace

std::optional<AsOf> parse_as_of(std::string_view text) {
  if (const auto time = base::parse_instant(text)) return *time;
  const auto position = event::parse_position(text);
  if (!position) return std::nullopt;
  if (position->stream == event::ledger_stream) return LedgerIndex{position->offset};
  return *position;
}

std::string Cuts::impossible(const AsOf& as_of) {
  if (const auto* time = std::get_if<base::Instant>(&as_of)) {
    return *time > stamps_.clock().now() ? "That time is ahead of now." : "";
  }
  auto& journal = projection_.journal();
  if (const auto* position = std::get_if<event::Position>(&as_of)) {
    return position->offset >= journal.end(position->stream) ? "The journal ends before that offset." : "";
  }
  return std::get<LedgerIndex>(as_of).index >= journal.end(event::ledger_stream) ? "The ledger ends before that entry." : "";
}

std::optional<event::Position> Cuts::missing(const ProvinceStream& province, const AsOf& as_of) {
  const auto stream = province.stream();
  const auto view = province.view();
  event::Offset next = 0;  // that is needed
  if (const auto* position = std::get_if<event::Position>(&as_of)) {
    next = position->offset + 1;
  } else if (const auto* ledger = std::get_if<LedgerIndex>(&as_of)) {
    if (projection_.ledger().next() <= ledger->index) return event::Position{event::ledger_stream, ledger->index};
    // Others may have published what this node has not folded.
    if (projection_.model().published_next(stream) > view->next) next = published_by(stream, ledger->index);
  } else if (view->recorded_at <= std::get<base::Instant>(as_of)) {
    next = projection_.journal().end(stream);
  }
  if (next <= view->next) return std::nullopt;
  return event::Position{stream, next - 1};
}

Cut Cuts::cut(const ProvinceStream& province, const ProvinceView& view, const AsOf& as_of, bool may_wait) {
  const auto stream = province.stream();
  if (const auto* position = std::get_if<event::Position>(&as_of)) {
    return {std::min(position->offset + 1, view.next), position->offset < view.next};
  }
  if (const auto* ledger = std::get_if<LedgerIndex>(&as_of)) {
    const auto next = published_by(stream, ledger->index);
    return {std::min(next, view.next), next <= view.next && ledger->index < projection_.ledger().next()};
  }
  const auto time = std::get<base::Instant>(as_of);
  Cut cut;
  cut.complete = view.recorded_at > time || (may_wait && settled(province, view, time));
  if (view.recorded_at <= time) {
    cut.next = view.next;
  } else {
    cut.next = count_at_most(view.next, time.micros, [&](std::uint64_t offset) {
      const auto leaf = projection_.model().leaf({stream, offset});
      CHECK(leaf.has_value());
      return leaf->recorded_at.micros;
    });
  }
  return cut;
}

// How much of a stream the ledger had with that entry.
event::Offset Cuts::published_by(event::Stream stream, event::Offset index) {
  return count_at_most(projection_.model().published_next(stream), static_cast<std::int64_t>(index), [&](std::uint64_t offset) {
    const auto published = projection_.model().published({stream, offset});
    CHECK(published.has_value());
    return static_cast<std::int64_t>(published->index);
  });
}

bool Cuts::settled(const ProvinceStream& province, const ProvinceView& view, base::Instant time) {
  auto& journal = projection_.journal();
  const auto stream = province.stream();
  if (!shared_) {
    // What a failed append left behind is not known before the journal is open again.
    return stamps_.all_after(time) && !journal.backlog().full && view.next >= journal.end(stream);
  }
  const std::scoped_lock lock(mutex_);
  auto& seen = seen_[stream];
  if (seen.at.micros <= time.micros + late_max_micros) {
    const auto now = stamps_.clock().now();
    if (now.micros <= time.micros + late_max_micros || !journal.catch_up(stream)) return false;
    seen = {now, journal.end(stream)};
  }
  return view.next >= seen.end;
}

}  // namespace tamroi::projection
