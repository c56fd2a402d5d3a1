#include "steward/steward.h"

#include <algorithm>
#include <chrono>

#include "base/check.h"
#include "event/ledger_entry.h"
#include "reporting/system_records.h"

namespace tamroi::steward {
namespace {

constexpr std::chrono::milliseconds look_again{500};  // for months that become due, and after failures
constexpr std::chrono::seconds give_back_within{2};  // for what is under way, before another may begin
constexpr std::size_t in_flight_max = 8192;
constexpr std::size_t records_max = 4096;
constexpr std::size_t bytes_max = std::size_t{8} << 20;

}  // namespace

Steward::Steward(projection::Projection& projection, journal::Lease& lease, projection::Stamps& stamps, telemetry::Log& log, telemetry::Metrics& metrics)
    : projection_(projection), lease_(lease), stamps_(stamps), clock_(stamps.clock()), log_(log),
      published_counter_(metrics.counter("tamroi_ledger_entries_total", "Entries that this node appended to the ledger.")) {}

Steward::~Steward() { stop(); }

void Steward::start() {
  lease_.on_change([this] { lease_changed(); });
  thread_ = std::thread([this] { run(); });
}

void Steward::stop() {
  {
    const std::scoped_lock lock(mutex_);
    stopped_ = true;
    wake_.notify_all();
  }
  if (!thread_.joinable()) return;
  thread_.join();
  lease_.on_change({});
  lease_.resign();
}

void Steward::wake() {
  const std::scoped_lock lock(mutex_);
  woken_ = true;
  wake_.notify_all();
}

void Steward::run() {
  std::unique_lock lock(mutex_);
  while (!stopped_) {
    wake_.wait_for(lock, look_again, [this] { return woken_ || stopped_; });
    woken_ = false;
    if (stopped_) break;
    lock.unlock();
    try {
      work();
    } catch (const std::system_error& failure) {
      log_.error("steward waits", {{"why", failure.what()}});
      unsettle();
    }
    lock.lock();
  }
  wake_.wait(lock, [this] { return in_flight_ == 0; });
}

void Steward::lease_changed() {
  const bool held = lease_.held();
  log_.info(held ? "lease taken" : "lease given back", {});
  std::unique_lock lock(mutex_);
  lease_changed_ = woken_ = true;
  wake_.notify_all();
  if (!held) wake_.wait_for(lock, give_back_within, [this] { return in_flight_ == 0; });
}

void Steward::work() {
  if (!takes_part()) return lease_.resign();
  lease_.seek();
  if (!lease_.held()) return;
  {
    std::unique_lock lock(mutex_);
    if (failed_ || lease_changed_) {
      wake_.wait(lock, [this] { return in_flight_ == 0; });
      failed_ = lease_changed_ = false;
      unsettle();
    }
  }
  if (!settled_ && !settle()) return;
  publish(event::control_stream, projection_.control().next());
  copy_controls();
  publish_provinces();
  close_months();
}

bool Steward::takes_part() {
  // An earlier version's steward publishes, and copies the control that ends its time.
  if (!projection_.counts() || has_ended() || projection_.control().stopped() || projection_.ledger().stopped()) return false;
  // One that is far behind would hold up everybody.
  takes_part_ = takes_part_ || reached_ends();
  return takes_part_;
}

bool Steward::has_ended() const {
  if (projection_.control().with_fold([](const auto& fold) { return fold.counted(); }) <= reporting::fold_version) return false;
  auto& model = projection_.model();
  if (model.published_next(event::control_stream) < projection_.control().next()) return false;
  return std::ranges::all_of(projection_.provinces(), [&](const auto* each) {
    return each->stopped() && model.published_next(each->stream()) >= each->view()->next;
  });
}

void Steward::unsettle() {
  settled_ = false;
  ends_.clear();
}

bool Steward::settle() {
  auto& journal = projection_.journal();
  // While it is being opened again its ends are those of before: what was stored after all would be written twice.
  if (journal.backlog().full) return false;
  // Who had the lease before may have appended what has not come round here.
  if (ends_.empty()) {
    if (!journal.catch_up(event::ledger_stream) || !journal.catch_up(event::control_stream)) return false;
    const auto provinces = projection_.provinces();
    if (!std::ranges::all_of(provinces, [&](const auto* each) { return journal.catch_up(each->stream()); })) return false;
  }
  if (!reached_ends()) return false;
  published_.clear();
  copied_.clear();
  return settled_ = true;
}

bool Steward::reached_ends() {
  auto& journal = projection_.journal();
  if (ends_.empty()) {
    for (const auto* province : projection_.provinces()) ends_[province->province()] = journal.end(province->stream());
  }
  // What was appended last may not be folded yet: then it would be written again.
  if (projection_.ledger().next() < journal.end(event::ledger_stream)) return false;
  return std::ranges::all_of(ends_, [&](const auto& end) {
    const auto* province = projection_.province(end.first);
    return province->view()->next >= end.second || province->stopped();
  });
}

void Steward::publish(event::Stream stream, event::Offset until) {
  const auto known = published_.try_emplace(stream, 0);
  auto& next = known.first->second;
  if (known.second) next = projection_.model().published_next(stream);
  while (next < until) {
    auto steps = projection_.model().folded(stream, next, records_max, bytes_max);
    CHECK(!steps.empty());
    for (auto& folded : steps) {
      CHECK(folded.leaf.offset == next && !folded.outcome.empty());
      append({event::ledger_stream, folded.leaf.id, clock_.now(), event::encode(event::LedgerEntry{folded.leaf, std::move(folded.outcome)})});
      published_counter_.add();
      ++next;
    }
  }
}

void Steward::publish_provinces() {
  // Of a control that another steward copied this one may know nothing yet: its entry stands in the ledger before its copies'.
  const auto published = published_.at(event::control_stream);
  const auto controls = projection_.control().with_fold([&](const auto& fold) {
    return static_cast<std::size_t>(std::ranges::count_if(fold.numbered(), [&](const auto& each) { return each.offset < published; }));
  });
  for (const auto* province : projection_.provinces()) {
    const auto view = province->view();
    if (view->controls.size() <= controls) publish(province->stream(), view->next);
  }
}

void Steward::copy_controls() {
  const auto numbered = projection_.control().with_fold([](const auto& fold) { return fold.numbered(); });
  // What was numbered since the ledger was written waits: a control's entry stands there before its copies.
  const auto published = published_.at(event::control_stream);
  for (const auto* province : projection_.provinces()) {
    if (province->stopped()) continue;
    // Behind the record that stopped it may be copies already.
    const auto end = ends_.find(province->province());
    if (end != ends_.end() && province->view()->next < end->second) continue;
    const auto known = copied_.try_emplace(province->province(), 0);
    auto& copied = known.first->second;
    if (known.second) copied = province->view()->controls.size();
    for (; copied < numbered.size() && numbered[copied].offset < published; ++copied) {
      const auto& next = numbered[copied];
      const auto entries = projection_.journal().read(event::control_stream, next.offset, 1, 0);
      CHECK(entries.size() == 1);
      const auto control = event::decode_record(entries.front().bytes);
      CHECK(control.has_value());
      const auto stamp = stamps_.take();
      const auto copy = reporting::copy_control(*control, next, stamp->time);
      append({province->stream(), copy.id, copy.received_at, event::encode(copy)}, stamp);
    }
  }
}

void Steward::close_months() {
  if (projection_.control().next() < projection_.journal().end(event::control_stream)) return;
  const auto now = clock_.now();
  const auto due = projection_.control().with_fold([&](const auto& fold) { return reporting::due_closings(fold, now); });
  for (const auto& closing : due) {
    if (!lease_.held()) return;
    journal::append_and_wait(projection_.journal(), {event::control_stream, closing.id, closing.received_at, event::encode(closing)});
  }
}

void Steward::append(journal::Append append, projection::Stamps::Stamp stamp) {
  // The lock is held until the append waits its turn: whatever failed before is seen here, or refuses this one too. So
  // nothing is stored behind what was lost, no copy without its control's entry.
  std::unique_lock lock(mutex_);
  wake_.wait(lock, [this] { return in_flight_ < in_flight_max || failed_ || lease_changed_; });
  if (lease_changed_ || !lease_.held()) {
    throw journal::JournalUnavailable(std::make_error_code(std::errc::operation_canceled), "another has the lease by now");
  }
  if (!failed_) {
    ++in_flight_;
    failed_ = !projection_.journal().append(std::move(append), [this, stamp = std::move(stamp)](const journal::Appended& appended) {
      const std::scoped_lock done(mutex_);
      --in_flight_;
      failed_ = failed_ || appended.error;
      wake_.notify_all();
    });
  }
  if (failed_) {
    throw journal::JournalUnavailable(std::make_error_code(std::errc::operation_canceled), "an append failed, so no other follows it");
  }
}

bool Steward::all_copied() const {
  const auto numbered = projection_.control().with_fold([](const auto& fold) { return fold.numbered().size(); });
  return std::ranges::all_of(projection_.provinces(), [&](const auto* each) { return each->view()->controls.size() == numbered; });
}

bool Steward::idle() {
  if (!projection_.caught_up() || !all_copied()) return false;
  const auto now = clock_.now();
  if (!projection_.control().with_fold([&](const auto& fold) { return reporting::due_closings(fold, now); }).empty()) return false;
  auto& model = projection_.model();
  if (model.published_next(event::control_stream) < projection_.control().next()) return false;
  return std::ranges::all_of(projection_.provinces(), [&](const auto* each) {
    return model.published_next(each->stream()) >= each->view()->next;
  });
}

}  // namespace tamroi::steward
