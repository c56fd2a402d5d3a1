#include "journal/group_commit_journal.h"

#include <algorithm>
#include <utility>

#include "base/check.h"

namespace tamroi::journal {
namespace {

constexpr std::chrono::milliseconds reopen_pause{100};
constexpr std::chrono::seconds tell_pause{10};
constexpr const char* being_reopened = "the journal is being opened again after a failed write";

// Of an append: certainly not stored; the one error that says so.
const std::error_code not_tried = std::make_error_code(std::errc::resource_unavailable_try_again);

}  // namespace

GroupCommitJournal::GroupCommitJournal(OpenStore open_store, QueueLimits limits, telemetry::Metrics* metrics, telemetry::Log* log)
    : open_store_(std::move(open_store)), tally_(metrics), log_(log), queue_(limits), store_(open_store_()), ends_(store_->ends()) {
  tally_.open(true);
  writer_ = std::thread([this] { run(); });
}

GroupCommitJournal::~GroupCommitJournal() {
  queue_.stop();
  writer_.join();
}

bool GroupCommitJournal::append(Append append, Completion completion) {
  return queue_.put({std::move(append), std::move(completion)});
}

Backlog GroupCommitJournal::backlog() {
  Backlog backlog = queue_.backlog();
  backlog.full = backlog.full || closed_;
  return backlog;
}

event::Offset GroupCommitJournal::end(event::Stream stream) {
  const std::scoped_lock lock(ends_mutex_);
  const auto match = ends_.find(stream);
  return match == ends_.end() ? 0 : match->second;
}

std::vector<Entry> GroupCommitJournal::read(event::Stream stream, event::Offset from, std::size_t count_max,
                                            std::size_t bytes_max) {
  const event::Offset stream_end = end(stream);
  if (from >= stream_end || count_max == 0) return {};
  const event::Offset until = from + std::min<event::Offset>(stream_end - from, count_max);
  if (closed_) throw JournalUnavailable(not_tried, being_reopened);
  const std::shared_lock lock(store_mutex_);
  if (!store_) throw JournalUnavailable(not_tried, being_reopened);
  return store_->read(stream, from, until, bytes_max);
}

void Store::copy_to(const std::string&) {
  throw JournalUnavailable(std::make_error_code(std::errc::operation_not_supported), "a journal in memory has no files to copy");
}

void GroupCommitJournal::copy_to(const std::string& directory) {
  const std::shared_lock lock(store_mutex_);
  if (!store_) throw JournalUnavailable(not_tried, being_reopened);
  store_->copy_to(directory);
}

std::vector<event::Stream> GroupCommitJournal::streams() {
  const std::scoped_lock lock(ends_mutex_);
  std::vector<event::Stream> streams;
  for (const auto& [stream, end] : ends_) streams.push_back(stream);
  return streams;
}

void GroupCommitJournal::on_advance(EndListener listener) {
  const std::scoped_lock lock(listener_mutex_);
  listener_ = std::move(listener);
}

void GroupCommitJournal::run() {
  for (;;) {
    const AppendQueue::Taken taken = store_ ? queue_.take() : queue_.take_within(reopen_pause);
    if (store_ && !taken.batch.empty()) {
      write(taken.batch);
    } else {
      refuse(taken.batch);
    }
    refuse(taken.refused);
    if (taken.stopped) return;
    if (!store_ && std::chrono::steady_clock::now() >= reopen_at_) reopen();
  }
}

void GroupCommitJournal::refuse(const std::vector<Completion>& completions) {
  tally_.refused(completions.size());
  for (const Completion& completion : completions) completion({0, not_tried});
}

void GroupCommitJournal::refuse(const std::vector<Waiting>& batch) {
  tally_.refused(batch.size());
  for (const Waiting& waiting : batch) waiting.completion({0, not_tried});
}

void GroupCommitJournal::write(const std::vector<Waiting>& batch) {
  Ends ends = ends_;
  std::vector<Placed> placed;
  placed.reserve(batch.size());
  for (const Waiting& waiting : batch) placed.push_back({ends[waiting.append.stream]++, &waiting.append});
  const auto began = std::chrono::steady_clock::now();
  try {
    store_->write(placed);
    tally_.written(placed, std::chrono::steady_clock::now() - began);
  } catch (const JournalUnavailable& failure) {
    recover(failure, batch);
    return;
  }
  // Before the completions, so that whoever hears of a record can read it.
  Ends before;
  {
    const std::scoped_lock lock(ends_mutex_);
    before = std::exchange(ends_, std::move(ends));
  }
  for (std::size_t i = 0; i < batch.size(); ++i) batch[i].completion({placed[i].offset, {}});
  announce_since(before);
}

void GroupCommitJournal::recover(const JournalUnavailable& failure, const std::vector<Waiting>& batch) {
  closed_ = true;
  tell_of_at_ = {};
  tell_of(failure);
  tally_.failed();
  tally_.open(false);
  {
    const std::unique_lock lock(store_mutex_);
    store_.reset();
  }
  const std::error_code unknown =
      failure.code() == not_tried ? std::make_error_code(std::errc::io_error) : failure.code();
  for (const Waiting& waiting : batch) waiting.completion({0, unknown});
  // What waits was sent by callers who took the failed appends to come first.
  const AppendQueue::Taken behind = queue_.take_now();
  refuse(behind.batch);
  refuse(behind.refused);
  reopen();
}

void GroupCommitJournal::reopen() {
  std::unique_ptr<Store> store;
  Ends ends;
  try {
    store = open_store_();
    ends = store->ends();
  } catch (const JournalUnavailable& failure) {
    tell_of(failure);
    reopen_at_ = std::chrono::steady_clock::now() + reopen_pause;
    return;
  }
  for (const auto& [stream, end] : ends_) {
    CHECK(ends.contains(stream) && ends.at(stream) >= end);  // What was said to be durable is there.
  }
  {
    const std::unique_lock lock(store_mutex_);
    store_ = std::move(store);
  }
  Ends before;
  {
    const std::scoped_lock lock(ends_mutex_);
    before = std::exchange(ends_, std::move(ends));
  }
  closed_ = false;
  tally_.open(true);
  if (log_ != nullptr) log_->warning("journal is open again", {});
  announce_since(before);
}

// Opening is tried ten times a second.
void GroupCommitJournal::tell_of(const JournalUnavailable& failure) {
  const auto now = std::chrono::steady_clock::now();
  if (log_ == nullptr || now < tell_of_at_) return;
  tell_of_at_ = now + tell_pause;
  log_->error("journal failed", {{"why", failure.what()}});
}

void GroupCommitJournal::announce_since(const Ends& before) {
  const std::scoped_lock lock(listener_mutex_);
  if (!listener_) return;
  for (const auto& [stream, end] : ends_) {
    const auto match = before.find(stream);
    if (match == before.end() || match->second != end) listener_(stream);
  }
}

}  // namespace tamroi::journal
