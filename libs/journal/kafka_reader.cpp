#include "journal/kafka_reader.h"

#include <algorithm>

#include <fmt/format.h>
#include <librdkafka/rdkafka.h>

namespace tamroi::journal {
namespace {

constexpr std::size_t lanes_max = 3;  // who reads a stream at the same time, far apart
constexpr std::size_t batch_messages = 4096;
constexpr int poll_least_ms = 2;
constexpr int poll_most_ms = 100;
constexpr std::chrono::seconds idle_max{3};
// Nearer than that it is read on to, farther it is gone to.
constexpr event::Offset skip_max = 64;
constexpr std::size_t queue_kilobytes = 8192;  // of each stream that is read from its beginning

KafkaSettings settings_of(bool many) {
  KafkaSettings settings{
      {"enable.auto.commit", "false"}, {"enable.auto.offset.store", "false"}, {"auto.offset.reset", "error"}, {"enable.partition.eof", "false"},
      {"check.crcs", "true"},          {"fetch.error.backoff.ms", "50"},      
      {"isolation.level", "read_uncommitted"},
  };
  // A broker answers one question of a connection after the other: whoever waits at a stream's end holds up the others.
  settings["fetch.wait.max.ms"] = many ? "2" : "20";
  settings["queued.min.messages"] = many ? "1000000" : "1";
  settings["queued.max.messages.kbytes"] = many ? std::to_string(queue_kilobytes) : "1024";
  settings["fetch.message.max.bytes"] = many ? "4194304" : "32768";
  return settings;
}

}  // namespace

// A consumer; of a stream it can read one place at a time.
struct KafkaReader::Lane {
  KafkaClient client;
};

struct KafkaReader::Cursor {
  Place place;
  Length length;
  Lane* lane;
  KafkaQueue queue;
  bool assigned = false;
  event::Offset next = 0;     // that Kafka gives next
  std::deque<Entry> fetched = {};  // and not given yet, to `next`
  bool taken = false;
  Clock::time_point since = {};  // it was given back
  [[nodiscard]] event::Offset first() const { return fetched.empty() ? next : fetched.front().offset; }
  [[nodiscard]] bool covers(event::Offset from) const { return assigned && from >= first() && from <= next + (length == Length::One ? skip_max : 0); }
};

KafkaReader::KafkaReader(const KafkaOptions& options) : options_(options) {}

KafkaReader::~KafkaReader() = default;

KafkaReader::Return::~Return() {
  // At the end it would wait for what comes, and hold up other streams of its client until then.
  if (cursor.assigned && cursor.fetched.empty() && cursor.next >= end) give_up(cursor);
  const std::scoped_lock lock(reader.mutex_);
  cursor.taken = false;
  cursor.since = Clock::now();
  reader.returned_.notify_all();
}

std::vector<Entry> KafkaReader::read(const Place& place, event::Offset from, event::Offset until, event::Offset end, std::size_t bytes_max) {
  auto& cursor = take(place, from, until - from == 1 || bytes_max == 0 ? Length::One : Length::Many);
  const Return give_back{*this, cursor, end};
  if (!cursor.covers(from)) go_to(cursor, from);
  std::vector<Entry> entries;
  entries.reserve(std::min<std::size_t>(until - from, batch_messages));
  std::size_t bytes = 0;
  for (auto next = from; next < until;) {
    if (cursor.fetched.empty()) {
      fetch(cursor, std::min<std::size_t>(until - next, batch_messages));
      continue;
    }
    auto& entry = cursor.fetched.front();
    if (entry.offset == next) {
      bytes += entry.bytes.size();
      if (!entries.empty() && bytes > bytes_max) break;
      entries.push_back(std::move(entry));
      ++next;
    }
    cursor.fetched.pop_front();
  }
  return entries;
}

void KafkaReader::expect(const Place& place) {
  Cursor* cursor = nullptr;
  {
    const std::scoped_lock lock(mutex_);
    if (covering(place, 0, Length::Many) != nullptr) return;
    cursor = make(place, Length::Many);
    if (cursor == nullptr) return;
    cursor->taken = true;
  }
  const Return give_back{*this, *cursor, UINT64_MAX};
  try {
    go_to(*cursor, 0);
  } catch (const JournalUnavailable&) {
    // The read meets it too.
  }
}

KafkaReader::Cursor& KafkaReader::take(const Place& place, event::Offset from, Length length) {
  std::unique_lock lock(mutex_);
  const auto deadline = Clock::now() + options_.answer_within;
  for (;;) {
    auto* cursor = covering(place, from, length);
    if (cursor == nullptr) cursor = make(place, length);
    if (cursor != nullptr) {
      cursor->taken = true;
      return *cursor;
    }
    if (returned_.wait_until(lock, deadline) == std::cv_status::timeout) {
      throw unavailable(RD_KAFKA_RESP_ERR__TIMED_OUT, fmt::format("reading stream {}, which many read", event::to_string(place.stream)));
    }
  }
}

KafkaReader::Cursor* KafkaReader::covering(const Place& place, event::Offset from, Length length) {
  const auto found = std::ranges::find_if(cursors_, [&](const Cursor& each) {
    return !each.taken && each.length == length && each.place.stream == place.stream && each.covers(from);
  });
  return found == cursors_.end() ? nullptr : &*found;
}

// One that nobody reads on with, or another; none where as many are read with as there may be.
KafkaReader::Cursor* KafkaReader::make(const Place& place, Length length) {
  std::vector<bool> used(lanes_max, false);
  Cursor* oldest = nullptr;
  for (auto& each : cursors_) {
    if (each.length != length || each.place.stream != place.stream) continue;
    for (std::size_t i = 0; i < lanes_max; ++i) used[i] = used[i] || each.lane == &lane(length, i);
    if (!each.taken && (oldest == nullptr || each.since < oldest->since)) oldest = &each;
  }
  const auto free = std::ranges::find(used, false);
  if (free == used.end()) return oldest;
  auto& on = lane(length, static_cast<std::size_t>(free - used.begin()));
  KafkaQueue queue(rd_kafka_queue_get_partition(on.client.get(), place.topic.c_str(), place.partition));
  rd_kafka_queue_forward(queue.get(), nullptr);  // not to the consumer's: each stream is read by itself
  return &cursors_.emplace_back(Cursor{.place = place, .length = length, .lane = &on, .queue = std::move(queue)});
}

KafkaReader::Lane& KafkaReader::lane(Length length, std::size_t number) {
  auto& lanes = lanes_.at(length == Length::Many ? 1 : 0);
  while (lanes.size() <= number) {
    auto made = std::make_unique<Lane>();
    auto settings = settings_of(length == Length::Many);
    settings["group.id"] = options_.prefix + ".readers";  // never joined: partitions are assigned here
    made->client = make_client(KafkaKind::Consumer, options_, settings, logging_to(options_.log));
    rd_kafka_poll_set_consumer(made->client.get());
    lanes.push_back(std::move(made));
  }
  return *lanes[number];
}

void KafkaReader::go_to(Cursor& cursor, event::Offset from) {
  if (std::exchange(cursor.assigned, false)) unassign(*cursor.lane->client, cursor.place);
  cursor.fetched.clear();
  cursor.next = from;
  assign(*cursor.lane->client, cursor.place, from);
  cursor.assigned = true;
}

void KafkaReader::fetch(Cursor& cursor, std::size_t count_max) {
  const auto deadline = Clock::now() + options_.answer_within;
  std::array<rd_kafka_message_t*, batch_messages> batch{};
  for (auto poll_ms = poll_least_ms; cursor.fetched.empty(); poll_ms = std::min(poll_ms * 2, poll_most_ms)) {
    const KafkaMessage none(rd_kafka_consumer_poll(cursor.lane->client.get(), 0));  // what the client has to say
    // Waits for one, and takes with it what has come: a batch would wait until it is full.
    batch[0] = rd_kafka_consume_queue(cursor.queue.get(), poll_ms);
    ssize_t count = batch[0] == nullptr ? 0 : 1;
    if (count == 1 && count_max > 1) {
      count += std::max<ssize_t>(0, rd_kafka_consume_batch_queue(cursor.queue.get(), 0, batch.data() + 1, std::min(count_max, batch.size()) - 1));
    }
    if (count == 0) wake(*cursor.lane->client, cursor.place, std::chrono::milliseconds(poll_most_ms));
    int failed = RD_KAFKA_RESP_ERR_NO_ERROR;
    bool gap = false;
    for (ssize_t i = 0; i < count; ++i) {
      const KafkaMessage message(batch[i]);
      if (message->err != RD_KAFKA_RESP_ERR_NO_ERROR) {
        failed = message->err;
      } else if (static_cast<event::Offset>(message->offset) != cursor.next) {
        gap = true;
      } else if (!gap) {
        cursor.fetched.push_back(entry_of(*message));
        ++cursor.next;
      }
    }
    if (gap || failed == RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET || failed == RD_KAFKA_RESP_ERR_OFFSET_OUT_OF_RANGE) {
      const auto wanted = cursor.next;
      give_up(cursor);
      const auto [first, next] = bounds_of(*cursor.lane->client, cursor.place, options_.answer_within);
      throw damaged_stream(cursor.place, fmt::format("offset {} is not there; the log begins at {} and ends at {}", wanted, first, next));
    }
    if (cursor.fetched.empty() && (failed != RD_KAFKA_RESP_ERR_NO_ERROR ? Clock::now() + options_.answer_within / 2 > deadline : Clock::now() > deadline)) {
      give_up(cursor);
      throw unavailable(failed == RD_KAFKA_RESP_ERR_NO_ERROR ? RD_KAFKA_RESP_ERR__TIMED_OUT : failed,
                        fmt::format("reading stream {} from Kafka at offset {}", event::to_string(cursor.place.stream), cursor.next));
    }
  }
}

void KafkaReader::give_up(Cursor& cursor) {
  cursor.fetched.clear();
  if (!std::exchange(cursor.assigned, false)) return;
  try {
    unassign(*cursor.lane->client, cursor.place);
  } catch (const JournalUnavailable&) {
    // Its client is at an end; so is what it fetched.
  }
}

void KafkaReader::tidy() {
  const std::scoped_lock lock(mutex_);
  for (auto each = cursors_.begin(); each != cursors_.end();) {
    if (each->taken || Clock::now() - each->since < idle_max) {
      ++each;
      continue;
    }
    give_up(*each);
    each = cursors_.erase(each);
  }
}

}  // namespace tamroi::journal
