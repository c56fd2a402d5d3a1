#include <algorithm>

#include <fmt/format.h>

#include "journal/kafka.h"
#include "journal/kafka_appender.h"
#include "journal/kafka_reader.h"
#include "journal/kafka_tail.h"
#include "journal/kafka_watch.h"

namespace tamroi::journal {
namespace {

constexpr std::chrono::seconds catch_up_within{2};

void require_topics(const KafkaOptions& options) {
  const auto faults = faults_of_topics(options);
  if (faults.empty()) return;
  throw JournalUnavailable(std::make_error_code(std::errc::invalid_argument),
                           fmt::format("The topics of the journal are not as they should be:\n{}", fmt::join(faults, "\n")));
}

class KafkaJournal final : public Journal {
 public:
  explicit KafkaJournal(const KafkaOptions& options)
      : options_(options), layout_(options.prefix, options.provinces), tally_(options_.metrics), tail_(options_, layout_), reader_(options_), appender_(options_, layout_, tail_, reader_, tally_),
        watch_(options_, layout_, tail_, tally_) {
    tail_.every_second([this] { reader_.tidy(); });
  }
  ~KafkaJournal() override { tail_.every_second({}); }

  bool append(Append append, Completion completion) override { return appender_.append(std::move(append), std::move(completion)); }
  Backlog backlog() override { return appender_.backlog(); }
  event::Offset end(event::Stream stream) override { return tail_.has(stream) ? tail_.of(stream).end() : 0; }

  bool catch_up(event::Stream stream) override { return !tail_.has(stream) || tail_.catch_up(stream, catch_up_within); }

  std::vector<Entry> read(event::Stream stream, event::Offset from, std::size_t count_max, std::size_t bytes_max) override {
    if (!tail_.has(stream)) return {};
    tail_.of(stream).require_whole();
    const auto stream_end = end(stream);
    if (from >= stream_end || count_max == 0) return {};
    const auto until = from + std::min<event::Offset>(stream_end - from, count_max);
    auto recent = tail_.of(stream).recent(from, until, bytes_max);
    if (from >= recent.from) return std::move(recent.entries);
    return reader_.read(*layout_.place_of(stream), from, until, stream_end, bytes_max);
  }

  void expect(event::Stream stream) override {
    if (end(stream) > 0) reader_.expect(*layout_.place_of(stream));
  }

  std::vector<event::Stream> streams() override { return tail_.with_records(); }
  void copy_to(const std::string&) override {
    throw JournalUnavailable(std::make_error_code(std::errc::operation_not_supported), "a journal in Kafka has no files to copy");
  }
  void on_advance(EndListener listener) override { tail_.on_advance(std::move(listener)); }
  std::string trouble() override { return appender_.trouble(); }
  std::chrono::milliseconds unheard() override { return watch_.unheard(); }

 private:
  const KafkaOptions options_;
  const Layout layout_;
  KafkaTally tally_;
  KafkaTail tail_;
  KafkaReader reader_;
  KafkaAppender appender_;
  KafkaWatch watch_;
};

}  // namespace

std::unique_ptr<Journal> open_kafka_journal(const KafkaOptions& options) {
  require_topics(options);
  return std::make_unique<KafkaJournal>(options);
}

}  // namespace tamroi::journal
