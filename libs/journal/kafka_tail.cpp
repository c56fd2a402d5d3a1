#include "journal/kafka_tail.h"

#include <array>
#include <utility>

#include <fmt/format.h>
#include <librdkafka/rdkafka.h>

namespace tamroi::journal {
namespace {

constexpr int poll_ms = 100;
constexpr std::size_t batch_messages = 1000;
constexpr std::chrono::seconds pause{1};
constexpr std::chrono::milliseconds wake_after{20};
constexpr std::chrono::milliseconds wake_within{150};
// A broker that has just come back may not know every topic at once.
constexpr std::chrono::seconds absent_max{10};
constexpr int looks_between_topics = 5;
constexpr int metadata_within_ms = 500;

const KafkaSettings settings_of_tail{
    {"enable.auto.commit", "false"},  {"enable.auto.offset.store", "false"}, {"auto.offset.reset", "error"},
    {"enable.partition.eof", "true"}, {"check.crcs", "true"},                {"fetch.wait.max.ms", "100"},
    {"fetch.error.backoff.ms", "50"}, {"fetch.message.max.bytes", "4194304"}, {"isolation.level", "read_uncommitted"},
};

}  // namespace

KafkaTail::KafkaTail(const KafkaOptions& options, const Layout& layout)
    : options_(options) {
  auto settings = settings_of_tail;
  settings["group.id"] = options.prefix + ".readers";  // never joined: partitions are assigned here
  auto events = logging_to(options.log);
  events->failed = [this](int, const std::string&) { compare_ = true; };
  client_ = make_client(KafkaKind::Consumer, options, settings, std::move(events));
  rd_kafka_poll_set_consumer(client_.get());
  queue_.reset(rd_kafka_queue_get_consumer(client_.get()));
  asker_ = make_client(KafkaKind::Consumer, options, {{"isolation.level", "read_uncommitted"}}, logging_to(options.log));
  for (const auto& place : layout.places()) {
    auto& stream = streams_[place.stream] = std::make_unique<KafkaStream>(place, options.recent_bytes);
    by_topic_[place.topic][place.partition] = stream.get();
  }
  begin();
}

KafkaTail::~KafkaTail() {
  stopped_ = true;
  if (thread_.joinable()) thread_.join();
  client_.get_deleter().abandoned = topics_gone_;
}

void KafkaTail::begin() {
  std::map<KafkaStream*, event::Offset> ends;
  for (const auto& [code, stream] : streams_) {
    const auto [first, next] = bounds_of(*asker_, stream->place(), options_.answer_within);
    if (first > 0) {
      throw damaged_stream(stream->place(), fmt::format("its first {} records are gone, though records are kept for ever. Find out who deleted them, and "
                                                        "make new topics from a copy of the journal (tamroi-server copy-journal)", first));
    }
    // The last record too, so that it can be compared later.
    stream->begin_at(next == 0 ? 0 : next - 1);
    ends[stream.get()] = next;
  }
  for (const auto& [code, stream] : streams_) assign(*client_, stream->place(), stream->end());
  thread_ = std::thread([this] { run(); });
  const auto deadline = Clock::now() + options_.answer_within;
  for (const auto& [stream, next] : ends) {
    while (!stream->wait_for(next, Clock::now() + wake_after) && Clock::now() < deadline) wake(*client_, stream->place(), wake_within);
    if (stream->end() >= next) continue;
    stopped_ = true;
    thread_.join();
    throw unavailable(RD_KAFKA_RESP_ERR__TIMED_OUT, fmt::format("reading the end of stream {} from Kafka", event::to_string(stream->place().stream)));
  }
}

KafkaStream& KafkaTail::of(event::Stream stream) {
  const auto found = streams_.find(stream);
  if (found != streams_.end()) return *found->second;
  throw JournalUnavailable(std::make_error_code(std::errc::invalid_argument), fmt::format("There is no partition for stream {}", event::to_string(stream)));
}

KafkaStream* KafkaTail::of(const rd_kafka_message_s& message) {
  if (message.rkt == nullptr) return nullptr;
  const auto topic = by_topic_.find(std::string_view(rd_kafka_topic_name(message.rkt)));
  if (topic == by_topic_.end()) return nullptr;
  const auto found = topic->second.find(message.partition);
  return found == topic->second.end() ? nullptr : found->second;
}

std::vector<event::Stream> KafkaTail::with_records() {
  std::vector<event::Stream> streams;
  for (const auto& [code, stream] : streams_) {
    if (stream->end() > 0) streams.push_back(code);
  }
  return streams;
}

bool KafkaTail::catch_up(event::Stream stream, std::chrono::milliseconds within) {
  auto& followed = of(stream);
  const auto deadline = Clock::now() + within;
  try {
    return followed.wait_for(end_of(*asker_, followed.place(), within), deadline);
  } catch (const JournalUnavailable&) {
    return false;
  }
}

void KafkaTail::when_reached(event::Position position, KafkaStream::Reached reached) {
  of(position.stream).when_reached(position.offset, Clock::now() + options_.answer_within, std::move(reached));
}

void KafkaTail::on_advance(Journal::EndListener listener) {
  const std::scoped_lock lock(listener_mutex_);
  listener_ = std::move(listener);
}

void KafkaTail::every_second(std::function<void()> call) {
  const std::scoped_lock lock(listener_mutex_);
  every_second_ = std::move(call);
}

void KafkaTail::run() {
  auto look_again_at = Clock::now() + pause;
  unsigned looks = 0;
  std::array<rd_kafka_message_t*, batch_messages> batch{};
  while (!stopped_) {
    std::set<KafkaStream*> advanced;
    // Waits for one, and takes with it what has come: a batch would wait until it is full.
    if (const KafkaMessage first(rd_kafka_consume_queue(queue_.get(), poll_ms)); first) {
      take(*first, advanced);
      const auto count = rd_kafka_consume_batch_queue(queue_.get(), 0, batch.data(), batch.size());
      for (ssize_t i = 0; i < count; ++i) take(*KafkaMessage(batch[i]), advanced);
    }
    tell(advanced);
    if (Clock::now() < look_again_at) continue;
    look_again_at = Clock::now() + pause;
    if (compare_.exchange(false)) compare_all();
    if (++looks % looks_between_topics == 0) look_for_topics();
    for (const auto& [code, stream] : streams_) {
      // They are durable; only reading is behind.
      for (const auto& call : stream->late(Clock::now())) call(true);
    }
    const std::scoped_lock lock(listener_mutex_);
    if (every_second_) every_second_();
  }
}

void KafkaTail::take(const rd_kafka_message_s& message, std::set<KafkaStream*>& advanced) {
  auto* stream = of(message);
  if (stream == nullptr) {
    compare_ = compare_ || message.err != RD_KAFKA_RESP_ERR_NO_ERROR;
  } else if (message.err != RD_KAFKA_RESP_ERR_NO_ERROR) {
    take_error(*stream, message.err, static_cast<event::Offset>(message.offset));
  } else {
    std::string wrong;
    const auto took = stream->take(message, wrong);
    if (took == KafkaStream::Took::Next) advanced.insert(stream);
    if (took == KafkaStream::Took::Wrong) damage(*stream, wrong);
  }
}

void KafkaTail::take_error(KafkaStream& stream, int error, event::Offset offset) {
  switch (error) {
    case RD_KAFKA_RESP_ERR__PARTITION_EOF:
      if (offset < stream.end()) look_for_end(stream);
      // What stands between was passed over: the mark of a transaction's end.
      if (offset > stream.end()) damage(stream, missing(stream.end()));
      return;
    case RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET:
    case RD_KAFKA_RESP_ERR_OFFSET_OUT_OF_RANGE: return look_for_end(stream);
    default: compare_ = true;
  }
}

// What it has is beyond what the log has, or before it.
void KafkaTail::look_for_end(KafkaStream& stream) {
  const auto known = stream.end();
  try {
    const auto [first, next] = bounds_of(*asker_, stream.place(), pause);
    if (first > 0) return damage(stream, fmt::format("its first {} records are gone", first));
    if (next < known) return damage(stream, fmt::format("it ends at offset {}, but ended at {} before: records that were durable are lost", next, known));
  } catch (const JournalUnavailable&) {
    // To be asked again.
  }
  compare_ = true;
}

// A deleted topic is not told of: its partitions just give nothing more.
void KafkaTail::look_for_topics() {
  const rd_kafka_metadata_t* metadata = nullptr;
  if (rd_kafka_metadata(asker_.get(), 1, nullptr, &metadata, metadata_within_ms) != RD_KAFKA_RESP_ERR_NO_ERROR) return;
  std::map<std::string_view, int> partitions;
  for (int i = 0; i < metadata->topic_cnt; ++i) {
    const auto& topic = metadata->topics[i];
    if (topic.err != RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART) partitions[topic.topic] = topic.partition_cnt;
  }
  for (const auto& [code, stream] : streams_) {
    const auto found = partitions.find(stream->place().topic);
    if (found != partitions.end() && found->second > stream->place().partition) {
      stream->present();
    } else if (stream->absent(Clock::now()) > absent_max) {
      topics_gone_ = true;
      damage(*stream, "the topic or its partition is not there any more. Restore the cluster that has it, or copy the journal into a new one");
    }
  }
  rd_kafka_metadata_destroy(metadata);
}

void KafkaTail::damage(KafkaStream& stream, const std::string& what) {
  const auto waiting = stream.damage(what);
  if (!waiting) return;
  newly_damaged_.push_back(&stream);
  if (options_.log != nullptr) options_.log->error("stream damaged", {{"stream", event::to_string(stream.place().stream)}, {"why", what}});
  for (const auto& call : *waiting) call(false);
}

// Ends first, so that whoever hears of a record can read it.
void KafkaTail::tell(const std::set<KafkaStream*>& advanced) {
  for (auto* stream : advanced) {
    for (const auto& call : stream->reached()) call(true);
  }
  const std::scoped_lock lock(listener_mutex_);
  if (!listener_) return;
  for (const auto* stream : advanced) listener_(stream->place().stream);
  // Whoever follows one of these is to learn it from its next read.
  for (const auto* stream : std::exchange(newly_damaged_, {})) listener_(stream->place().stream);
}

void KafkaTail::compare_all() {
  for (const auto& [code, stream] : streams_) {
    const auto from = stream->read_again();
    if (!from) continue;
    try {
      unassign(*client_, stream->place());
      assign(*client_, stream->place(), *from);
    } catch (const JournalUnavailable& failure) {
      compare_ = true;
      if (options_.log != nullptr) options_.log->warning("stream not read again", {{"stream", event::to_string(code)}, {"why", failure.what()}});
    }
  }
}

}  // namespace tamroi::journal
