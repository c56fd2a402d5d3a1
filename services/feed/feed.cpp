#include "feed/feed.h"

#include <algorithm>
#include <charconv>
#include <system_error>
#include <vector>

namespace tamroi::feed {
namespace {

using base::Code;

constexpr std::chrono::milliseconds look_again{20};  // whether a reader that is behind has read
constexpr std::chrono::microseconds writing{5};  // to one reader, about
constexpr std::size_t block_bytes_max = std::size_t{256} << 10;
constexpr std::size_t waiting_bytes_max = 2 * block_bytes_max;  // of a reader at the head

std::size_t bytes_of(const Entry& entry) {
  std::size_t bytes = 64;
  for (const auto& event : entry) bytes += event.text.size() + 128;
  return bytes;
}

http::Response bad(std::string where, std::string why) {
  const base::Problem problem{Code::BadValue, std::move(where), std::move(why)};
  return http::problem(400, {{problem}});
}

// What the query asks for, or why it cannot be had.
std::expected<Filter, http::Response> filter_of(const http::Request& request, const reporting::Published& published, const projection::Follows& follows) {
  Filter filter;
  const auto round = request.parameter("round");
  if (round && published.plan(*round) == nullptr) return std::unexpected(bad("/round", "There is no such round."));
  const auto unit = request.parameter("unit");
  if (unit && published.units().find(*unit) == nullptr) return std::unexpected(bad("/unit", "There is no such unit."));
  // Without one everybody's changes are asked for.
  const bool followed = unit ? follows.has(published.units(), *unit) : follows.all();
  if (!followed) return std::unexpected(http::later(503, Code::NotFollowed, projection::not_followed, 60));
  filter.round = round.value_or("");
  filter.unit = unit.value_or("");
  if (const auto text = request.parameter("indicator")) {
    const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), filter.indicator);
    if (error != std::errc() || end != text->data() + text->size() || filter.indicator == 0) {
      return std::unexpected(bad("/indicator", "An indicator's number is expected."));
    }
  }
  return filter;
}

}  // namespace

Feed::Feed(projection::Projection& projection, projection::Clock& clock, telemetry::Log& log, telemetry::Metrics& metrics, FeedOptions options)
    : projection_(projection), clock_(clock), log_(log), options_(options),
      events_counter_(metrics.counter("tamroi_feed_events_total", "Events sent to readers of the feed.")),
      gone_counter_(metrics.counter("tamroi_feed_readers_gone_total", "Readers that left, or were cut off since they were too slow.")) {}

Feed::~Feed() { stop(); }

void Feed::start() {
  head_ = projection_.ledger().next();
  live_thread_ = std::thread([this] { run_live(); });
  behind_thread_ = std::thread([this] { run_behind(); });
}

void Feed::stop() {
  {
    const std::scoped_lock lock(mutex_);
    stopped_ = true;
    wake_live_.notify_all();
    wake_behind_.notify_all();
  }
  for (auto* thread : {&live_thread_, &behind_thread_}) {
    if (thread->joinable()) thread->join();
  }
  const std::scoped_lock lock(mutex_);
  live_.clear();
  behind_.clear();
}

void Feed::wake() {
  const std::scoped_lock lock(mutex_);
  grown_ = true;
  wake_live_.notify_one();
}

void Feed::open(const event::Actor& actor, http::Request request, http::Responder respond) {
  auto filter = filter_of(request, *projection_.control().published(), projection_.follows());
  if (!filter) return respond(std::move(filter.error()));
  const auto given = request.header("last-event-id");
  const auto cursor = given ? parse_cursor(*given) : Cursor{};
  const auto known = projection_.ledger().next();
  if (!cursor || cursor->index > known) return respond(bad("", "Last-Event-ID is the id of an event of this feed."));
  http::Response head{200, "text/event-stream", "", {{"X-Accel-Buffering", "no"}}};
  const std::scoped_lock lock(mutex_);
  if (stopped_) return respond(http::later(503, Code::Unavailable, "The server stops.", 1));
  std::list<Reader> one;
  one.emplace_back(Access(projection_, clock_, actor.account), std::move(*filter), given ? *cursor : Cursor{head_, 0}, respond.stream(std::move(head)), Clock::time_point{});
  ++readers_;
  // Whoever begins now has come to the head, and learns where that is.
  if (!given && one.front().stream.send(position_event(one.front().cursor))) {
    one.front().told_at = Clock::now();
    live_.splice(live_.end(), one);
  } else if (given) {
    behind_.splice(behind_.end(), one);
    wake_behind_.notify_one();
  } else {
    gone();
  }
}

Feed::Readers Feed::readers() const {
  const std::scoped_lock lock(mutex_);
  return {live_.size(), readers_ - std::min<std::size_t>(readers_, live_.size())};
}

void Feed::gone() {
  --readers_;
  gone_counter_.add();
}

void Feed::run_live() {
  std::unique_lock lock(mutex_);
  while (!stopped_) {
    wake_live_.wait_for(lock, std::chrono::seconds(1), [this] { return grown_ || stopped_; });
    if (stopped_) return;
    grown_ = false;
    const auto head = head_;
    lock.unlock();
    const auto began = Clock::now();
    std::vector<std::shared_ptr<const Entry>> entries;
    try {
      entries = read_events(projection_, head, projection_.ledger().next(), options_.recent_bytes_max);
    } catch (const std::system_error& failure) {
      log_.error("feed waits", {{"why", failure.what()}});
    }
    lock.lock();
    send_new(entries);
    tell_positions();
    const bool more = head_ < projection_.ledger().next();
    grown_ = grown_ || (more && !entries.empty());
    // As long as the writing takes, more would only wait there: it shares the next write.
    const auto until = began + std::min<Clock::duration>(options_.share_a_write, live_.size() * writing);
    wake_live_.wait_until(lock, until, [this] { return stopped_; });
  }
}

void Feed::send_new(const std::vector<std::shared_ptr<const Entry>>& entries) {
  if (entries.empty()) return;
  const auto published = projection_.control().published();
  for (const auto& entry : entries) {
    recent_.push_back(entry);
    recent_bytes_ += bytes_of(*entry);
  }
  head_ += entries.size();
  for (; recent_bytes_ > options_.recent_bytes_max && recent_.size() > 1; recent_.pop_front()) recent_bytes_ -= bytes_of(*recent_.front());
  // Readers who want the same get the same bytes.
  struct Share {
    std::shared_ptr<const std::string> bytes;
    std::size_t events = 0;
  };
  std::map<Filter, Share> shares;
  for (auto each = live_.begin(); each != live_.end();) {
    const auto reader = each++;
    const auto [found, made] = shares.try_emplace(reader->filter);
    auto& share = found->second;
    if (made) {
      std::string bytes;
      for (const auto& entry : entries) {
        for (const auto& event : *entry) {
          if (!reader->filter.takes(event, *published)) continue;
          bytes += event.text;
          ++share.events;
        }
      }
      share.bytes = std::make_shared<const std::string>(std::move(bytes));
    }
    // More than it can take at once: it is brought on at its own pace, from where it is.
    if (share.bytes->size() + reader->stream.waiting_bytes() > waiting_bytes_max) {
      behind_.splice(behind_.end(), live_, reader);
      wake_behind_.notify_one();
      continue;
    }
    reader->cursor = {head_, 0};
    if (share.bytes->empty() || reader->stream.send(share.bytes)) {
      events_counter_.add(static_cast<double>(share.events));
    } else {
      gone();
      live_.erase(reader);
    }
  }
}

void Feed::tell_positions() {
  const auto now = Clock::now();
  const auto controls = projection_.control().next();
  const auto text = std::make_shared<const std::string>(position_event({head_, 0}));
  for (auto each = live_.begin(); each != live_.end();) {
    const bool due = now - each->told_at >= options_.position_every;
    if (due) each->told_at = now;
    if (each->access.holds(controls, now) && (!due || each->stream.send(text))) {
      ++each;
    } else {
      gone();
      each = live_.erase(each);
    }
  }
}

void Feed::run_behind() {
  std::unique_lock lock(mutex_);
  while (!stopped_) {
    if (behind_.empty()) {
      wake_behind_.wait(lock, [this] { return stopped_ || !behind_.empty(); });
      continue;
    }
    std::list<Reader> some;
    some.splice(some.end(), behind_);
    lock.unlock();
    bool moved = false;
    for (auto each = some.begin(); each != some.end();) {
      const auto before = each->cursor;
      const bool there = bring_on(*each);
      moved = moved || !there || each->cursor != before;
      if (!there) gone();
      each = there ? std::next(each) : some.erase(each);
    }
    lock.lock();
    for (auto each = some.begin(); each != some.end();) {
      const auto reader = each++;
      auto& to = reader->cursor.index == head_ && reader->cursor.ordinal == 0 ? live_ : behind_;
      to.splice(to.end(), some, reader);
    }
    if (!moved) wake_behind_.wait_for(lock, look_again, [this] { return stopped_; });
  }
}

bool Feed::bring_on(Reader& reader) {
  if (!reader.access.holds(projection_.control().next(), Clock::now())) return false;
  if (reader.stream.waiting_bytes() > 0) return reader.stream.open();  // it has not read the last block yet
  const auto entries = lacking(reader.cursor.index);
  const auto published = projection_.control().published();
  std::string bytes;
  for (const auto& entry : entries) {
    for (const auto& event : *entry) {
      const bool seen = event.cursor <= reader.cursor;
      if (!seen && reader.filter.takes(event, *published)) bytes += event.text;
    }
    reader.cursor = {reader.cursor.index + 1, 0};
  }
  // Says where it is, so that it resumes there although it may want none of these events.
  if (!entries.empty()) bytes += position_event(reader.cursor);
  return bytes.empty() ? reader.stream.open() : reader.stream.send(bytes);
}

std::vector<std::shared_ptr<const Entry>> Feed::lacking(event::Offset index) {
  std::vector<std::shared_ptr<const Entry>> entries;
  {
    const std::scoped_lock lock(mutex_);
    entries = recent_since(index, block_bytes_max);
  }
  const auto until = projection_.ledger().next();
  if (!entries.empty() || index >= until) return entries;
  std::size_t bytes = 0;
  for (auto each = older_.find(index); each != older_.end() && each->first == index + entries.size() && bytes < block_bytes_max; ++each) {
    entries.push_back(each->second);
    bytes += bytes_of(*each->second);
  }
  if (!entries.empty()) return entries;
  try {
    entries = read_events(projection_, index, until, block_bytes_max);
  } catch (const std::system_error& failure) {
    log_.error("feed waits", {{"why", failure.what()}});
  }
  if (older_bytes_ > options_.recent_bytes_max) {
    older_.clear();
    older_bytes_ = 0;
  }
  for (const auto& entry : entries) {
    if (older_.try_emplace(index++, entry).second) older_bytes_ += bytes_of(*entry);
  }
  return entries;
}

std::vector<std::shared_ptr<const Entry>> Feed::recent_since(event::Offset index, std::size_t bytes_max) const {
  std::vector<std::shared_ptr<const Entry>> entries;
  const auto first = head_ - recent_.size();
  if (index < first || index >= head_) return entries;
  std::size_t bytes = 0;
  for (auto i = index - first; i < recent_.size() && bytes < bytes_max; ++i) {
    entries.push_back(recent_[i]);
    bytes += bytes_of(*recent_[i]);
  }
  return entries;
}

}  // namespace tamroi::feed
