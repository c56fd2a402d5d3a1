#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "journal/kafka_client.h"

namespace tamroi::journal {

// What is wrong with a stream that has a gap there.
[[nodiscard]] std::string missing(event::Offset offset);

// The end of one stream as it is followed: its newest records, who waits for them, and what is wrong with it.
//
// Threads: any; records come on one.
// Errors:  damage is for good; recent() and require_whole() throw JournalDamaged then.
class KafkaStream {
 public:
  using Clock = std::chrono::steady_clock;
  // With true once it is there, or when that takes too long; with false if the stream is damaged.
  using Reached = std::function<void(bool whole)>;
  struct Recent {
    std::vector<Entry> entries;
    event::Offset from = 0;  // the first that is in memory
  };

  // Keeps about `bytes_max` of its newest records.
  KafkaStream(const Place& place, std::size_t bytes_max) : place_(place), bytes_max_(bytes_max) {}
  KafkaStream(const KafkaStream&) = delete;
  KafkaStream& operator=(const KafkaStream&) = delete;

  [[nodiscard]] const Place& place() const { return place_; }
  [[nodiscard]] event::Offset end();  // also of a damaged one
  [[nodiscard]] bool damaged();
  void require_whole();
  // What is in memory of [from, until); nothing where `from` is not.
  [[nodiscard]] Recent recent(event::Offset from, event::Offset until, std::size_t bytes_max);
  // Whether it came so far in time; false too where it is damaged.
  [[nodiscard]] bool wait_for(event::Offset end, Clock::time_point deadline);
  // Called at once if the record is there already, or else at the latest at `until`.
  void when_reached(event::Offset offset, Clock::time_point until, Reached reached);

  void begin_at(event::Offset end);
  enum class Took : std::uint8_t { Next, Known, Wrong };
  // A record that came; `wrong` says what is wrong with it.
  Took take(const rd_kafka_message_s& message, std::string& wrong);
  // Its last record is to come again, and be the same. Gives where to read from; nothing where it is damaged.
  [[nodiscard]] std::optional<event::Offset> read_again();
  // Nobody has the stream now; for how long already.
  [[nodiscard]] Clock::duration absent(Clock::time_point now);
  void present();
  // Who waited is to be told false; nothing where it was damaged before.
  [[nodiscard]] std::optional<std::vector<Reached>> damage(const std::string& what);
  // Who waits for what is there, or has waited until `now`.
  [[nodiscard]] std::vector<Reached> reached();
  [[nodiscard]] std::vector<Reached> late(Clock::time_point now);

 private:
  struct Waiting {
    Clock::time_point until;
    Reached call;
  };
  void throw_damage() const;

  const Place place_;
  const std::size_t bytes_max_;
  std::mutex mutex_;
  std::condition_variable moved_;
  event::Offset end_ = 0;
  std::deque<Entry> entries_;  // to the end
  std::size_t bytes_ = 0;
  std::string damage_;
  bool compares_ = false;
  std::optional<Clock::time_point> absent_since_;
  std::multimap<event::Offset, Waiting> waiting_;
};

}  // namespace tamroi::journal
