#pragma once

#include <atomic>
#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "journal/kafka_client.h"
#include "journal/kafka_reader.h"
#include "journal/kafka_tail.h"
#include "journal/kafka_tally.h"
#include "journal/tally.h"

namespace tamroi::journal {

// Appends to Kafka with one idempotent producer.
//
// Where Kafka says that a record was not stored, it is refused; where it does not say, the record is looked for in what
// is stored since. Either ends the producer: what waits behind is refused, and a new one begins when all that was under
// way has its outcome.
//
// Threads: one of its own. The destructor waits for everything appended, but for brokers that are away not much longer than
//          `answer_within`.
class KafkaAppender {
 public:
  KafkaAppender(const KafkaOptions& options, const Layout& layout, KafkaTail& tail, KafkaReader& reader, KafkaTally& kafka_tally);
  ~KafkaAppender();
  KafkaAppender(const KafkaAppender&) = delete;
  KafkaAppender& operator=(const KafkaAppender&) = delete;

  bool append(Append append, Journal::Completion completion);
  [[nodiscard]] Backlog backlog();
  // Why records of this machine are refused, if they are; else empty.
  [[nodiscard]] std::string trouble();

 private:
  using Clock = std::chrono::steady_clock;
  struct Flight {
    Append append;
    Journal::Completion completion;
    event::Offset since;  // what is stored of it lies from here on
    Clock::time_point began;
  };
  struct Report {
    std::unique_ptr<Flight> flight;
    int error;
    bool certain;  // that it is not stored
    event::Offset offset;
  };
  void run();
  [[nodiscard]] std::unique_ptr<KafkaEvents> events();
  void begin();
  [[nodiscard]] bool takes(const Append& append) const;
  [[nodiscard]] int produce(Flight& flight);
  void take_reports();
  void begin_again();
  void settle(std::vector<std::unique_ptr<Flight>> unknown);
  [[nodiscard]] std::optional<event::Offset> find(const Flight& flight, std::map<event::Stream, bool>& caught_up);
  void stored(std::vector<Report> reports);
  void complete(Flight& flight, const Appended& appended);
  void refuse_waiting();
  void note_clock(const std::vector<Report>& reports);

  const KafkaOptions& options_;
  const Layout& layout_;
  KafkaTail& tail_;
  KafkaReader& reader_;
  Tally tally_;
  KafkaTally& kafka_tally_;
  std::vector<Report> reports_;                      // the thread's
  std::vector<std::unique_ptr<Flight>> unknown_;     // the thread's: to be settled
  std::atomic<bool> failed_ = false;                 // the producer is to be ended
  std::mutex mutex_;
  KafkaClient producer_;                             // null while a new one is to begin
  std::map<std::string, KafkaTopic, std::less<>> topics_;
  std::size_t under_way_ = 0;
  std::size_t under_way_bytes_ = 0;
  bool full_ = false;                                // until half of it is done
  std::vector<Journal::Completion> refused_;
  std::string clock_trouble_;
  Clock::time_point clock_trouble_until_ = {};
  bool stopped_ = false;
  Clock::time_point give_up_at_ = {};                // once it is stopped
  std::thread thread_;
};

}  // namespace tamroi::journal
