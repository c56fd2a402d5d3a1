#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>
#include <string>
#include <thread>

#include "journal/kafka_client.h"
#include "journal/kafka_tail.h"
#include "journal/kafka_tally.h"

namespace tamroi::journal {

// Asks the brokers once a second where the streams end, beside what follows them: so it is known how far behind that is, and
// for how long nobody has answered. Counts what there is of the cluster.
//
// Threads: one of its own; the rest from any.
class KafkaWatch {
 public:
  KafkaWatch(const KafkaOptions& options, const Layout& layout, KafkaTail& tail, KafkaTally& tally);
  ~KafkaWatch();
  KafkaWatch(const KafkaWatch&) = delete;
  KafkaWatch& operator=(const KafkaWatch&) = delete;

  // How long ago all streams' ends were told last.
  [[nodiscard]] std::chrono::milliseconds unheard() const;

 private:
  using Clock = std::chrono::steady_clock;
  void run();
  void look();
  // Where each stream ends; empty where that was not told in time.
  [[nodiscard]] std::map<event::Stream, event::Offset> ends();
  void compare(const std::map<event::Stream, event::Offset>& ends);
  void look_at_cluster();

  const KafkaOptions& options_;
  const Layout& layout_;
  KafkaTail& tail_;
  KafkaTally& tally_;
  KafkaClient client_;
  std::map<std::string, Clock::time_point, std::less<>> behind_since_;  // the thread's, by the kind of stream
  bool answered_ = true;                                                // the thread's: the last question was
  std::atomic<Clock::time_point> heard_at_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopped_ = false;
  std::thread thread_;
};

}  // namespace tamroi::journal
