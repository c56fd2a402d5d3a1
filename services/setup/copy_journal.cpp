#include "setup/copy_journal.h"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <stdexcept>
#include <thread>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "disk/files.h"
#include "event/ledger_entry.h"
#include "setup/heads.h"
#include "setup/open_journal.h"
#include "setup/server_directory.h"

namespace tamroi::setup {
namespace {

constexpr std::size_t records_at_once = 4096;
constexpr std::size_t bytes_at_once = std::size_t{8} << 20;
constexpr std::size_t in_flight_max = 16'384;
constexpr std::chrono::milliseconds between_tries{5};
constexpr std::chrono::minutes append_within{10};

// What Kafka keeps of a time.
std::int64_t millis(base::Instant time) { return time.micros / 1000; }

struct Known {
  base::Uuid id;
  base::Instant time;
};

// The id that is Kafka's key, and the record's own time, which is finer than Kafka's.
Known known_of(event::Stream stream, const journal::Entry& entry) {
  if (stream == event::ledger_stream) {
    const auto decoded = event::decode_ledger_entry(entry.bytes);
    return {decoded ? decoded->leaf.id : base::Uuid{}, entry.time};
  }
  const auto record = stream == event::checkpoints_stream ? std::unexpected(std::string()) : event::decode_record(entry.bytes);
  if (!record) return {{}, entry.time};
  return {record->id, millis(record->received_at) == millis(entry.time) ? record->received_at : entry.time};
}

// Appends in order, many at a time; after a failure no more.
class Appending {
 public:
  explicit Appending(journal::Journal& to) : to_(to) {}
  ~Appending() { wait(0); }
  Appending(const Appending&) = delete;
  Appending& operator=(const Appending&) = delete;

  void append(const journal::Append& append) {
    wait(in_flight_max - 1);
    require_none_failed();
    // What is refused at once was not stored: it is tried again, unless one before it failed.
    while (!try_once(append)) {
      wait(0);
      require_none_failed();
      std::this_thread::sleep_for(between_tries);
    }
  }
  void finish() {
    wait(0);
    require_none_failed();
  }

 private:
  bool try_once(const journal::Append& append) {
    {
      const std::scoped_lock lock(mutex_);
      ++in_flight_;
    }
    const auto refused_at_once = std::make_shared<std::atomic<bool>>(false);
    const bool taken = to_.append(append, [this, refused_at_once](const journal::Appended& appended) {
      const std::scoped_lock lock(mutex_);
      // A journal tells so a little later, so this says whether it was refused when it was taken.
      if (appended.error) errors_.push_back({appended.error, refused_at_once});
      --in_flight_;
      wake_.notify_all();
    });
    *refused_at_once = !taken;
    return taken;
  }
  void wait(std::size_t left) {
    std::unique_lock lock(mutex_);
    wake_.wait(lock, [&] { return in_flight_ <= left; });
  }
  void require_none_failed() {
    const std::scoped_lock lock(mutex_);
    for (const auto& [error, refused_at_once] : std::exchange(errors_, {})) {
      if (!*refused_at_once) throw journal::JournalUnavailable(error, "copying records");
    }
  }

  journal::Journal& to_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::size_t in_flight_ = 0;
  std::vector<std::pair<std::error_code, std::shared_ptr<std::atomic<bool>>>> errors_;
};

void bring(journal::Journal& from, journal::Journal& to, event::Stream stream) {
  Appending appending(to);
  const auto end = from.end(stream);
  for (auto next = to.end(stream); next < end;) {
    for (auto& entry : from.read(stream, next, records_at_once, bytes_at_once)) {
      const auto known = known_of(stream, entry);
      appending.append({stream, known.id, known.time, std::move(entry.bytes)});
      ++next;
    }
  }
  appending.finish();
}

void compare(journal::Journal& from, journal::Journal& to, event::Stream stream, event::Offset until) {
  for (event::Offset next = 0; next < until;) {
    const auto wanted = from.read(stream, next, std::min<event::Offset>(records_at_once, until - next), bytes_at_once);
    for (std::size_t i = 0; i < wanted.size();) {
      const auto there = to.read(stream, wanted[i].offset, wanted.size() - i, bytes_at_once);
      for (const auto& entry : there) {
        const auto& same = wanted[i++];
        if (entry.bytes == same.bytes && millis(entry.time) == millis(same.time)) continue;
        throw std::runtime_error(fmt::format("Stream {} has another record at offset {} than what is copied: the target is no copy of it. Copy into "
                                             "an empty journal.", event::to_string(stream), entry.offset));
      }
    }
    next += wanted.size();
  }
}

bool holds_records(journal::Journal& journal) { return !journal.streams().empty(); }

std::unique_ptr<journal::Journal> open_target(const Configuration& to) {
  if (!to.journal_in_kafka) return open_journal(to, {});
  auto options = kafka_options(to, {});
  options.stamps_bounded = false;
  options.append_within = options.publish_within = append_within;
  if (!journal::create_topics(options).empty()) return journal::open_kafka_journal(options);
  // Of topics that were there, those of an interrupted copy have no bounds; others are made so when they are found empty.
  auto bounded = kafka_options(to, {});
  if (bounded.stamps_bounded && journal::faults_of_topics(bounded).empty()) {
    if (holds_records(*journal::open_kafka_journal(bounded))) throw std::runtime_error("The target holds records already; a copy needs an empty journal.");
    journal::set_topics(options);
  }
  return journal::open_kafka_journal(options);
}

}  // namespace

Copied copy_records(journal::Journal& from, journal::Journal& to, const std::function<void(const std::string& line)>& told) {
  Copied copied;
  for (const auto stream : to.streams()) {
    if (to.end(stream) > from.end(stream)) {
      throw std::runtime_error(fmt::format("Stream {} of the target is longer than what is copied. Copy into an empty journal.", event::to_string(stream)));
    }
  }
  for (const auto stream : from.streams()) {
    const auto found = to.end(stream);
    const auto end = from.end(stream);
    compare(from, to, stream, found);
    bring(from, to, stream);
    if (to.end(stream) != end) throw std::runtime_error(fmt::format("Stream {} ends at {} instead of {}.", event::to_string(stream), to.end(stream), end));
    compare(from, to, stream, end);
    told(fmt::format("{}: {} records, compared", event::to_string(stream), end));
    ++copied.streams;
    copied.records += end;
    copied.found += found;
  }
  return copied;
}

Copied copy_journal(const Configuration& from, const Configuration& to, const std::function<void(const std::string& line)>& told) {
  if (from.simulated != to.simulated) throw std::runtime_error("One configuration has a simulated clock, the other a real one.");
  const ServerDirectory place{to.directory};
  const auto unfinished = place.root / "copy-unfinished";
  const auto source = open_journal(from, {});
  std::filesystem::create_directories(place.root);
  const auto target = open_target(to);
  if (!std::filesystem::exists(unfinished)) {
    if (holds_records(*target)) throw std::runtime_error("The target holds records already; a copy needs an empty journal.");
    disk::write_file(unfinished, "", disk::Readers::Owner);
  }
  const auto copied = copy_records(*source, *target, told);
  if (to.journal_in_kafka) journal::set_topics(kafka_options(to, {}));
  telemetry::Log log;
  if (!std::filesystem::exists(place.heads(to))) static_cast<void>(Heads(place.heads(to), *target, log).write());
  if (!std::filesystem::exists(place.clock())) disk::write_file(place.clock(), to.simulated ? "simulated\n" : "real\n", disk::Readers::Everybody);
  std::filesystem::remove(unfinished);
  return copied;
}

}  // namespace tamroi::setup
