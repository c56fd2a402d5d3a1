#pragma once

#include <array>
#include <condition_variable>
#include <deque>
#include <list>
#include <memory>
#include <mutex>
#include <vector>

#include "journal/kafka_client.h"

namespace tamroi::journal {

// Reads what is not in memory any more. Who reads on from where another read of the stream ended finds what was fetched
// meanwhile; several may read a stream at different places.
//
// Threads: any.
class KafkaReader {
 public:
  explicit KafkaReader(const KafkaOptions& options);
  ~KafkaReader();
  KafkaReader(const KafkaReader&) = delete;
  KafkaReader& operator=(const KafkaReader&) = delete;

  // Records of [from, until), not empty, of a stream that has them all up to `end`: as many as that and `bytes_max` allow, at least one.
  // Throws JournalUnavailable where none comes in time, JournalDamaged where one is missing.
  [[nodiscard]] std::vector<Entry> read(const Place& place, event::Offset from, event::Offset until, event::Offset end,
                                        std::size_t bytes_max);
  // Fetches the stream's first records for a read to come, as much as may be in memory.
  void expect(const Place& place);
  // Gives back what was fetched for reads that nobody goes on with.
  void tidy();

 private:
  using Clock = std::chrono::steady_clock;
  struct Lane;
  struct Cursor;
  enum class Length : std::uint8_t { One, Many };
  struct Return {
    KafkaReader& reader;
    Cursor& cursor;
    event::Offset end;
    ~Return();
  };

  Cursor& take(const Place& place, event::Offset from, Length length);
  Cursor* covering(const Place& place, event::Offset from, Length length);
  Cursor* make(const Place& place, Length length);
  void go_to(Cursor& cursor, event::Offset from);
  void fetch(Cursor& cursor, std::size_t count_max);
  static void give_up(Cursor& cursor);
  Lane& lane(Length length, std::size_t number);

  const KafkaOptions& options_;
  std::mutex mutex_;
  std::condition_variable returned_;
  std::array<std::vector<std::unique_ptr<Lane>>, 2> lanes_;  // by length
  std::list<Cursor> cursors_;
};

}  // namespace tamroi::journal
