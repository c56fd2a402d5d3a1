#include "journal/kafka_appender.h"

#include <algorithm>

#include <fmt/format.h>
#include <librdkafka/rdkafka.h>

#include "base/check.h"

namespace tamroi::journal {
namespace {

constexpr int poll_ms = 100;
constexpr std::chrono::seconds settle_within{5};
constexpr std::size_t search_records = 4096;
constexpr std::size_t search_bytes = std::size_t{8} << 20;
constexpr std::size_t message_bytes_max = std::size_t{2} << 20;
// Of a stamp when it is refused: an older one may have waited for the brokers too long.
constexpr std::chrono::seconds just_stamped{5};
constexpr std::chrono::minutes trouble_lasts{1};

const std::error_code not_tried = std::make_error_code(std::errc::resource_unavailable_try_again);

// Kafka takes 0 for now, and has no times before 1970.
std::int64_t millis_of(base::Instant time) { return std::max<std::int64_t>(1, time.micros / 1000); }

KafkaSettings settings_of(const KafkaOptions& options) {
  return {
      {"enable.idempotence", "true"},
      {"acks", "all"},
      {"linger.ms", "0"},
      {"compression.codec", "lz4"},
      {"message.max.bytes", std::to_string(message_bytes_max)},
      {"queue.buffering.max.messages", std::to_string(options.queue.appends_max + 1)},
      {"queue.buffering.max.kbytes", std::to_string((options.queue.bytes_max + options.queue.appends_max * 64) / 1024 + 1)},
      {"request.timeout.ms", "5000"},
      {"retry.backoff.ms", "50"},
  };
}

std::chrono::milliseconds since_stamped(base::Instant stamp) {
  const auto now = std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::system_clock::now().time_since_epoch()).count();
  return std::chrono::milliseconds((now - stamp.micros) / 1000);
}

}  // namespace

KafkaAppender::KafkaAppender(const KafkaOptions& options, const Layout& layout, KafkaTail& tail, KafkaReader& reader, KafkaTally& kafka_tally)
    : options_(options), layout_(layout), tail_(tail), reader_(reader), tally_(options.metrics), kafka_tally_(kafka_tally) {
  begin();
  thread_ = std::thread([this] { run(); });
}

KafkaAppender::~KafkaAppender() {
  {
    const std::scoped_lock lock(mutex_);
    stopped_ = true;
    give_up_at_ = Clock::now() + options_.answer_within;
  }
  thread_.join();
}

std::unique_ptr<KafkaEvents> KafkaAppender::events() {
  auto events = logging_to(options_.log);
  events->failed = [this](int error, const std::string&) {
    kafka_tally_.error(error);
    failed_ = failed_ || error == RD_KAFKA_RESP_ERR__FATAL;
  };
  events->delivered = [this](const rd_kafka_message_s& report) {
    reports_.push_back({std::unique_ptr<Flight>(static_cast<Flight*>(report._private)), report.err,
                        rd_kafka_message_status(&report) == RD_KAFKA_MSG_STATUS_NOT_PERSISTED, static_cast<event::Offset>(report.offset)});
  };
  return events;
}

void KafkaAppender::begin() {
  auto client = make_client(KafkaKind::Producer, options_, settings_of(options_), events());
  std::map<std::string, KafkaTopic, std::less<>> topics;
  for (const auto& topic : layout_.topics()) {
    auto* configuration = rd_kafka_topic_conf_new();
    const auto within = topic.stamped_by_gateways ? options_.append_within : options_.publish_within;
    const auto milliseconds = std::to_string(within.count());
    CHECK(rd_kafka_topic_conf_set(configuration, "message.timeout.ms", milliseconds.c_str(), nullptr, 0) == RD_KAFKA_CONF_OK);
    topics[topic.name].reset(rd_kafka_topic_new(client.get(), topic.name.c_str(), configuration));
  }
  const std::scoped_lock lock(mutex_);
  producer_ = std::move(client);
  topics_ = std::move(topics);
  failed_ = false;
  tally_.open(true);
}

bool KafkaAppender::takes(const Append& append) const {
  return producer_ != nullptr && !failed_ && !full_ && layout_.place_of(append.stream) != nullptr && !tail_.of(append.stream).damaged() &&
         under_way_ < options_.queue.appends_max && under_way_bytes_ + append.bytes.size() <= options_.queue.bytes_max;
}

bool KafkaAppender::append(Append append, Journal::Completion completion) {
  const std::scoped_lock lock(mutex_);
  CHECK(!stopped_);
  if (takes(append)) {
    const auto since = tail_.of(append.stream).end();
    auto flight = std::make_unique<Flight>(std::move(append), std::move(completion), since, Clock::now());
    const auto bytes = flight->append.bytes.size();
    if (produce(*flight) == RD_KAFKA_RESP_ERR_NO_ERROR) {
      static_cast<void>(flight.release());  // its report has it
      ++under_way_;
      under_way_bytes_ += bytes;
      return true;
    }
    completion = std::move(flight->completion);
  }
  // An append must not overtake an earlier one of its caller unnoticed, so those that follow are refused too.
  full_ = full_ || layout_.place_of(append.stream) != nullptr;
  refused_.push_back(std::move(completion));
  return false;
}

int KafkaAppender::produce(Flight& flight) {
  const auto& append = flight.append;
  const auto* place = layout_.place_of(append.stream);
  const auto key = append.key.raw();
  // By tag and value: the macros that check their types are of another dialect.
  const auto error = rd_kafka_producev(
      producer_.get(), RD_KAFKA_VTYPE_RKT, topics_.find(place->topic)->second.get(), RD_KAFKA_VTYPE_PARTITION, std::int32_t{place->partition},
      RD_KAFKA_VTYPE_MSGFLAGS, 0, RD_KAFKA_VTYPE_KEY, key.data(), key.size(), RD_KAFKA_VTYPE_VALUE, append.bytes.data(), append.bytes.size(),
      RD_KAFKA_VTYPE_TIMESTAMP, millis_of(append.time), RD_KAFKA_VTYPE_OPAQUE, &flight, RD_KAFKA_VTYPE_END);
  if (error == RD_KAFKA_RESP_ERR__FATAL) failed_ = true;
  return error;
}

Backlog KafkaAppender::backlog() {
  const std::scoped_lock lock(mutex_);
  return {under_way_, under_way_bytes_, full_ || failed_ || producer_ == nullptr || under_way_ >= options_.queue.appends_max};
}

std::string KafkaAppender::trouble() {
  const std::scoped_lock lock(mutex_);
  return Clock::now() < clock_trouble_until_ ? clock_trouble_ : "";
}

void KafkaAppender::run() {
  for (;;) {
    rd_kafka_poll(producer_.get(), poll_ms);
    take_reports();
    if (failed_) begin_again();
    refuse_waiting();
    const std::scoped_lock lock(mutex_);
    if (!stopped_) continue;
    if (under_way_ == 0 && refused_.empty()) return;
    if (Clock::now() < give_up_at_) continue;
    failed_ = true;
    give_up_at_ = Clock::time_point::max();
  }
}

void KafkaAppender::take_reports() {
  auto reports = std::exchange(reports_, {});
  if (reports.empty()) return;
  note_clock(reports);
  std::vector<Report> good;
  for (auto& report : reports) {
    if (report.error == RD_KAFKA_RESP_ERR_NO_ERROR) {
      good.push_back(std::move(report));
      continue;
    }
    kafka_tally_.error(report.error);
    if (!failed_ && options_.log != nullptr) {
      options_.log->error("journal failed", {{"why", rd_kafka_err2str(static_cast<rd_kafka_resp_err_t>(report.error))},
                                             {"stream", event::to_string(report.flight->append.stream)}});
    }
    if (!failed_.exchange(true)) tally_.failed();
    if (report.certain) {
      tally_.refused(1);
      complete(*report.flight, {0, not_tried});
    } else {
      unknown_.push_back(std::move(report.flight));
    }
  }
  stored(std::move(good));
}

// Completed when they have come round, so that whoever hears of a record can read it.
void KafkaAppender::stored(std::vector<Report> reports) {
  if (reports.empty()) return;
  std::vector<Placed> placed;
  for (const auto& report : reports) placed.push_back({report.offset, &report.flight->append});
  tally_.written(placed, Clock::now() - reports.front().flight->began);
  {
    const std::scoped_lock lock(mutex_);
    clock_trouble_until_ = {};
  }
  for (auto& report : reports) {
    if (report.offset < report.flight->since) {
      // The log was longer when this was sent: it is another one, and what it holds counts nowhere.
      tail_.doubt();
      complete(*report.flight, {0, std::make_error_code(std::errc::io_error)});
      continue;
    }
    const event::Position position{report.flight->append.stream, report.offset};
    tail_.when_reached(position, [this, flight = std::shared_ptr<Flight>(std::move(report.flight)), offset = report.offset](bool whole) {
      complete(*flight, {offset, whole ? std::error_code{} : std::make_error_code(std::errc::io_error)});
    });
  }
}

void KafkaAppender::complete(Flight& flight, const Appended& appended) {
  flight.completion(appended);
  const std::scoped_lock lock(mutex_);
  --under_way_;
  under_way_bytes_ -= flight.append.bytes.size();
}

void KafkaAppender::refuse_waiting() {
  std::vector<Journal::Completion> refused;
  {
    const std::scoped_lock lock(mutex_);
    refused = std::exchange(refused_, {});
    full_ = full_ && (under_way_ > options_.queue.appends_max / 2 || under_way_bytes_ > options_.queue.bytes_max / 2);
  }
  tally_.refused(refused.size());
  for (const auto& completion : refused) completion({0, not_tried});
}

void KafkaAppender::begin_again() {
  tally_.open(false);
  KafkaClient old;
  std::map<std::string, KafkaTopic, std::less<>> topics;
  {
    const std::scoped_lock lock(mutex_);
    old = std::move(producer_);
    topics = std::move(topics_);
  }
  rd_kafka_purge(old.get(), RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
  while (rd_kafka_outq_len(old.get()) > 0) {
    rd_kafka_poll(old.get(), poll_ms);
    take_reports();
  }
  topics.clear();
  old.reset();
  settle(std::exchange(unknown_, {}));
  begin();
  if (options_.log != nullptr) options_.log->warning("journal is open again", {});
}

void KafkaAppender::settle(std::vector<std::unique_ptr<Flight>> unknown) {
  std::map<event::Stream, bool> caught_up;
  for (const auto& flight : unknown) {
    const auto offset = find(*flight, caught_up);
    complete(*flight, offset ? Appended{*offset, {}} : Appended{0, std::make_error_code(std::errc::timed_out)});
  }
}

// What is not found may still be on its way: its outcome stays unknown.
std::optional<event::Offset> KafkaAppender::find(const Flight& flight, std::map<event::Stream, bool>& caught_up) {
  const auto stream = flight.append.stream;
  const auto known = caught_up.try_emplace(stream, false);
  if (known.second) known.first->second = tail_.catch_up(stream, settle_within);
  if (!known.first->second) return std::nullopt;
  try {
    const auto end = tail_.of(stream).end();
    for (auto next = flight.since; next < end;) {
      auto recent = tail_.of(stream).recent(next, end, search_bytes);
      if (next < recent.from) {
        const auto until = std::min({recent.from, end, next + search_records});
        recent.entries = reader_.read(*layout_.place_of(stream), next, until, end, search_bytes);
      }
      for (const auto& entry : recent.entries) {
        if (entry.bytes == flight.append.bytes) return entry.offset;
      }
      next += recent.entries.size();
    }
  } catch (const JournalUnavailable&) {
    known.first->second = false;
  }
  return std::nullopt;
}

// A batch is refused whole: one record in it that waited too long explains it, unless all of it was just stamped.
void KafkaAppender::note_clock(const std::vector<Report>& reports) {
  bool refused = false;
  bool waited = false;
  for (const auto& report : reports) {
    if (report.error != RD_KAFKA_RESP_ERR_INVALID_TIMESTAMP) continue;
    refused = true;
    waited = waited || since_stamped(report.flight->append.time) > just_stamped;
  }
  if (!refused || waited) return;
  const std::scoped_lock lock(mutex_);
  clock_trouble_ = "Kafka refuses the time stamps of this machine: its clock is more than a second ahead of the brokers', or a minute behind. "
                   "Set the clocks right; it is ready again a minute after the last refusal.";
  clock_trouble_until_ = Clock::now() + trouble_lasts;
}

}  // namespace tamroi::journal
