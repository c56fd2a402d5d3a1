#include "journal/kafka_stream.h"

#include <utility>

#include <fmt/format.h>
#include <librdkafka/rdkafka.h>

namespace tamroi::journal {

std::string missing(event::Offset offset) {
  return fmt::format("offset {} is missing: neither transactions nor compaction may be used on this topic", offset);
}

void KafkaStream::throw_damage() const {
  if (!damage_.empty()) throw damaged_stream(place_, damage_);
}

void KafkaStream::require_whole() {
  const std::scoped_lock lock(mutex_);
  throw_damage();
}

event::Offset KafkaStream::end() {
  const std::scoped_lock lock(mutex_);
  return end_;
}

bool KafkaStream::damaged() {
  const std::scoped_lock lock(mutex_);
  return !damage_.empty();
}

KafkaStream::Recent KafkaStream::recent(event::Offset from, event::Offset until, std::size_t bytes_max) {
  const std::scoped_lock lock(mutex_);
  throw_damage();
  Recent recent{{}, entries_.empty() ? end_ : entries_.front().offset};
  if (from < recent.from) return recent;
  std::size_t bytes = 0;
  for (auto each = static_cast<std::size_t>(from - recent.from); each < entries_.size() && entries_[each].offset < until; ++each) {
    bytes += entries_[each].bytes.size();
    if (!recent.entries.empty() && bytes > bytes_max) break;
    recent.entries.push_back(entries_[each]);
  }
  return recent;
}

bool KafkaStream::wait_for(event::Offset end, Clock::time_point deadline) {
  std::unique_lock lock(mutex_);
  return moved_.wait_until(lock, deadline, [&] { return end_ >= end || !damage_.empty(); }) && damage_.empty();
}

void KafkaStream::when_reached(event::Offset offset, Clock::time_point until, Reached reached) {
  bool whole = true;
  {
    const std::scoped_lock lock(mutex_);
    whole = damage_.empty();
    if (whole && end_ <= offset) {
      waiting_.emplace(offset, Waiting{until, std::move(reached)});
      return;
    }
  }
  reached(whole);
}

void KafkaStream::begin_at(event::Offset end) {
  const std::scoped_lock lock(mutex_);
  end_ = end;
}

KafkaStream::Took KafkaStream::take(const rd_kafka_message_s& message, std::string& wrong) {
  const std::scoped_lock lock(mutex_);
  absent_since_.reset();
  const auto offset = static_cast<event::Offset>(message.offset);
  if (!damage_.empty()) return Took::Known;
  if (std::exchange(compares_, false)) {
    const std::string_view bytes(static_cast<const char*>(message.payload), message.len);
    if (offset + 1 == end_ && bytes == entries_.back().bytes) return Took::Known;
    wrong = fmt::format("it has another record at offset {} than before: it was replaced", end_ - 1);
    return Took::Wrong;
  }
  if (offset < end_) return Took::Known;
  if (offset > end_) {
    wrong = missing(end_);
    return Took::Wrong;
  }
  entries_.push_back(entry_of(message));
  bytes_ += message.len;
  ++end_;
  while (bytes_ > bytes_max_ && entries_.size() > 1) {
    bytes_ -= entries_.front().bytes.size();
    entries_.pop_front();
  }
  return Took::Next;
}

std::optional<event::Offset> KafkaStream::read_again() {
  const std::scoped_lock lock(mutex_);
  if (!damage_.empty()) return std::nullopt;
  compares_ = !entries_.empty();
  return compares_ ? end_ - 1 : end_;
}

KafkaStream::Clock::duration KafkaStream::absent(Clock::time_point now) {
  const std::scoped_lock lock(mutex_);
  if (!absent_since_) absent_since_ = now;
  return now - *absent_since_;
}

void KafkaStream::present() {
  const std::scoped_lock lock(mutex_);
  absent_since_.reset();
}

std::optional<std::vector<KafkaStream::Reached>> KafkaStream::damage(const std::string& what) {
  const std::scoped_lock lock(mutex_);
  if (!damage_.empty()) return std::nullopt;
  damage_ = what;
  moved_.notify_all();
  std::vector<Reached> calls;
  for (auto& [offset, each] : std::exchange(waiting_, {})) calls.push_back(std::move(each.call));
  return calls;
}

std::vector<KafkaStream::Reached> KafkaStream::reached() {
  const std::scoped_lock lock(mutex_);
  std::vector<Reached> calls;
  const auto until = waiting_.lower_bound(end_);
  for (auto each = waiting_.begin(); each != until; ++each) calls.push_back(std::move(each->second.call));
  waiting_.erase(waiting_.begin(), until);
  moved_.notify_all();
  return calls;
}

std::vector<KafkaStream::Reached> KafkaStream::late(Clock::time_point now) {
  const std::scoped_lock lock(mutex_);
  std::vector<Reached> calls;
  std::erase_if(waiting_, [&](auto& each) {
    if (each.second.until > now) return false;
    calls.push_back(std::move(each.second.call));
    return true;
  });
  return calls;
}

}  // namespace tamroi::journal
