#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "journal/kafka_stream.h"

namespace tamroi::journal {

// Follows the end of every stream, whoever appends: knows where each ends, keeps its newest records in memory, and says
// when a record that this process appended has come round.
//
// A connection that was lost may come back to another log. So after each failure every stream is read again from its
// last record on, and goes on only if that is the same; where it is another, or none, the stream is damaged for good:
// its reads throw JournalDamaged, and nothing is appended to it.
//
// Threads: one of its own, which calls completions and the listener; the rest from any.
class KafkaTail {
 public:
  // Returns once it knows where every stream ends.
  KafkaTail(const KafkaOptions& options, const Layout& layout);
  ~KafkaTail();
  KafkaTail(const KafkaTail&) = delete;
  KafkaTail& operator=(const KafkaTail&) = delete;

  // Throws JournalUnavailable where there is no partition for it.
  [[nodiscard]] KafkaStream& of(event::Stream stream);
  [[nodiscard]] bool has(event::Stream stream) const { return streams_.contains(stream); }
  [[nodiscard]] std::vector<event::Stream> with_records();
  // Waits until the stream has come to what Kafka says is its end now; whether it did in time.
  [[nodiscard]] bool catch_up(event::Stream stream, std::chrono::milliseconds within);
  // Something came that the log known here cannot have given: it is compared soon.
  void doubt() { compare_ = true; }
  // Calls it once the record has come round.
  void when_reached(event::Position position, KafkaStream::Reached reached);
  void on_advance(Journal::EndListener listener);
  // Called now and then on its thread.
  void every_second(std::function<void()> call);

 private:
  using Clock = KafkaStream::Clock;
  void begin();
  void run();
  void take(const rd_kafka_message_s& message, std::set<KafkaStream*>& advanced);
  void take_error(KafkaStream& stream, int error, event::Offset offset);
  void look_for_end(KafkaStream& stream);
  void look_for_topics();
  void tell(const std::set<KafkaStream*>& advanced);
  void compare_all();
  void damage(KafkaStream& stream, const std::string& what);
  [[nodiscard]] KafkaStream* of(const rd_kafka_message_s& message);

  const KafkaOptions& options_;
  KafkaClient client_;
  KafkaQueue queue_;
  KafkaClient asker_;  // a question to the other would wait until something is appended
  std::map<event::Stream, std::unique_ptr<KafkaStream>> streams_;
  std::map<std::string, std::map<int, KafkaStream*>, std::less<>> by_topic_;
  std::mutex listener_mutex_;
  Journal::EndListener listener_;
  std::function<void()> every_second_;
  std::vector<KafkaStream*> newly_damaged_;  // the thread's
  std::atomic<bool> compare_ = false;        // a connection failed
  bool topics_gone_ = false;                 // the thread's
  std::atomic<bool> stopped_ = false;
  std::thread thread_;
};

}  // namespace tamroi::journal
