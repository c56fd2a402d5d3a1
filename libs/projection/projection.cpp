#include "projection/projection.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/check.h"
#include "event/ledger_entry.h"

namespace tamroi::projection {

Projection::Projection(journal::Journal& journal, readmodel::ReadModel& model, telemetry::Log& log, telemetry::Metrics& metrics, Options options,
                       std::optional<CheckpointStream::Trust> trust)
    : journal_(journal), model_(model), log_(log), tally_(std::make_shared<Tally>(&metrics)), replayed_(metrics.gauge("tamroi_projection_replayed_records", "Records that were in the journal at the start and not in the read model.")),
      batch_(options.batch), follows_(std::move(options.follows)),
      pool_(options.threads, log, [this](const std::system_error& failure) { failed(failure); }) {
  control_ = std::make_unique<ControlStream>(journal_, model_, plans_, log_, [this] { control_advanced(); }, tally_, batch_);
  ledger_ = std::make_unique<LedgerStream>(journal_, model_, log_, [this](event::Stream stream, event::Offset next) {
    {
      const std::shared_lock lock(provinces_mutex_);
      const auto found = provinces_.find(event::to_string(stream));
      if (found != provinces_.end()) {
        found->second->published_to(next);
        pool_.mark(*found->second);
      }
    }
    waiters_.advance_ledger(ledger_->next());
    progressed_();
    // A checkpoint that waits for entries may have them now.
    if (checkpoints_ != nullptr && checkpoints_->waits_for() > 0) pool_.mark(*checkpoints_);
  }, batch_);
  if (trust) checkpoints_ = std::make_unique<CheckpointStream>(journal_, model_, log_, std::move(*trust));
}

Projection::~Projection() { stop(); }

void Projection::start(std::function<void()> progressed) {
  progressed_ = std::move(progressed);
  control_at_start_ = model_.next(event::control_stream);
  while (control_->advance()) {
  }
  // Every quarantine is known before a province's stream is folded.
  started_ = true;
  for (const auto stream : journal_.streams()) ends_at_start_[stream] = journal_.end(stream);
  tell_of_replay();
  control_advanced();
  journal_.on_advance([this](event::Stream stream) { mark(stream); });
  waiters_.advance_ledger(ledger_->next());
  pool_.mark(*control_);
  pool_.mark(*ledger_);
  if (checkpoints_ != nullptr) pool_.mark(*checkpoints_);
}

// What an end that was no stop left to be folded again.
void Projection::tell_of_replay() {
  std::uint64_t records = 0;
  for (const auto& [stream, end] : ends_at_start_) {
    const bool own = stream == event::control_stream || stream == event::ledger_stream || follows_.has(stream);
    if (stream == event::checkpoints_stream || !own) continue;
    const auto next = stream == event::control_stream ? control_at_start_ : model_.next(stream);
    if (next >= end) continue;
    records += end - next;
    log_.info("replaying", {{"stream", event::to_string(stream)}, {"from", next}, {"until", end}});
  }
  replayed_.set(static_cast<double>(records));
}

void Projection::stop() {
  journal_.on_advance({});
  pool_.stop();
  waiters_.stop();
}

void Projection::failed(const std::system_error& failure) {
  const auto* of_model = dynamic_cast<const readmodel::ReadModelUnavailable*>(&failure);
  if (of_model != nullptr) model_failed_(*of_model);
}

void Projection::switch_read_model(const std::function<void()>& change) {
  const std::scoped_lock one(changing_);
  pool_.pause();
  change_read_model(change);
}

void Projection::reopen_read_model(const std::function<void()>& change) {
  const std::scoped_lock one(changing_);
  pool_.pause();
  {
    const std::shared_lock lock(provinces_mutex_);
    for (const auto& [code, province] : provinces_) province->let_go();
  }
  change_read_model(change);
}

bool Projection::reached_by(readmodel::ReadModel& other) const {
  const auto behind = [&](event::Stream stream, event::Offset next) { return other.next(stream) < next; };
  if (behind(event::control_stream, control_->next()) || behind(event::ledger_stream, ledger_->next())) return false;
  return std::ranges::none_of(provinces(), [&](const auto* each) { return behind(each->stream(), each->view()->next); });
}

void Projection::change_read_model(const std::function<void()>& change) {
  try {
    change();
  } catch (...) {
    pool_.resume();
    throw;
  }
  control_->reopen();
  ledger_->reopen();
  if (checkpoints_ != nullptr) checkpoints_->reopen();
  const std::shared_lock lock(provinces_mutex_);
  for (const auto& [code, province] : provinces_) province->reopen();
  pool_.resume();
  pool_.mark(*control_);
  pool_.mark(*ledger_);
  if (checkpoints_ != nullptr) pool_.mark(*checkpoints_);
  for (const auto& [code, province] : provinces_) pool_.mark(*province);
}

void Projection::mark(event::Stream stream) {
  if (stream == event::control_stream) return pool_.mark(*control_);
  if (stream == event::ledger_stream) return pool_.mark(*ledger_);
  if (stream == event::checkpoints_stream) {
    if (checkpoints_ != nullptr) pool_.mark(*checkpoints_);
    return;
  }
  const std::shared_lock lock(provinces_mutex_);
  const auto found = provinces_.find(event::to_string(stream));
  if (found != provinces_.end()) pool_.mark(*found->second);
}

void Projection::control_advanced() {
  if (!started_) return;
  counts_ = control_->with_fold([](const auto& fold) { return fold.counted() >= reporting::fold_version; });
  make_provinces();
  for (const auto& [code, province] : provinces_) {
    const auto stopped = province->stopped();
    const event::Position at{province->stream(), stopped ? stopped->at : 0};
    if (!stopped || !control_->with_fold([&](const auto& fold) { return fold.quarantine(at); })) continue;
    province->resume();
    pool_.mark(*province);
  }
  waiters_.advance(event::control_stream, control_->next());
  progressed_();
}

// Only the control stream's own thread adds provinces, so that it may look through them without the lock.
void Projection::make_provinces() {
  const auto published = control_->published();
  decltype(provinces_) made;
  for (const auto& [round, plan] : published->plans) {
    for (const auto& unit : plan->units.all()) {
      if (unit.level != catalogue::Level::Province || provinces_.contains(unit.code) || made.contains(unit.code)) continue;
      if (!follows_.has(event::parse_stream(unit.code).value())) continue;
      made.emplace(unit.code, std::make_unique<ProvinceStream>(
          unit.code, ProvinceStream::Surroundings{
                         journal_, model_, plans_, log_,
                         [this](event::Position position) {
                           return control_->with_fold([&](const auto& fold) { return fold.quarantine(position); });
                         },
                         [this](const ProvinceStream& province) { province_advanced(province); }, tally_, batch_}));
    }
  }
  std::vector<ProvinceStream*> added;
  for (const auto& [code, province] : made) added.push_back(province.get());
  {
    const std::unique_lock lock(provinces_mutex_);
    provinces_.merge(made);
  }
  // Only when all are there: the first to advance tells what all provinces have reached.
  for (auto* province : added) pool_.mark(*province);
}

void Projection::province_advanced(const ProvinceStream& province) {
  waiters_.advance(province.stream(), province.view()->next);
  std::size_t controls = SIZE_MAX;
  for (const auto* each : provinces()) controls = std::min(controls, each->view()->controls.size());
  waiters_.advance_controls(controls);
  progressed_();
}

const ProvinceStream* Projection::province(std::string_view code) const {
  const std::shared_lock lock(provinces_mutex_);
  const auto found = provinces_.find(code);
  return found == provinces_.end() ? nullptr : found->second.get();
}

std::vector<const ProvinceStream*> Projection::provinces() const {
  const std::shared_lock lock(provinces_mutex_);
  std::vector<const ProvinceStream*> all;
  all.reserve(provinces_.size());
  for (const auto& [code, province] : provinces_) all.push_back(province.get());
  return all;
}

std::optional<readmodel::Folded> Projection::folded(event::Position position) {
  auto folded = model_.folded(position);
  if (!folded || !folded->outcome.empty()) return folded;
  const auto published = model_.published(position);
  CHECK(published.has_value());
  const auto entries = journal_.read(event::ledger_stream, published->index, 1, 0);
  CHECK(entries.size() == 1);
  auto entry = event::decode_ledger_entry(entries.front().bytes);
  if (!entry || entry->leaf != folded->leaf) {
    const auto what = fmt::format("The ledger's entry {} is not what was published of {}:{}. Restore a backup.", published->index, event::to_string(position.stream), position.offset);
    throw journal::JournalDamaged(std::make_error_code(std::errc::io_error), what);
  }
  folded->outcome = std::move(entry->outcome);
  return folded;
}

std::vector<Projection::StoppedStream> Projection::stopped_streams() const {
  std::vector<StoppedStream> all;
  const auto add = [&](event::Stream stream, const std::optional<Stopped>& stopped) {
    if (stopped) all.push_back({stream, *stopped});
  };
  add(event::control_stream, control_->stopped());
  add(event::ledger_stream, ledger_->stopped());
  if (checkpoints_ != nullptr) add(event::checkpoints_stream, checkpoints_->stopped());
  for (const auto* province : provinces()) add(province->stream(), province->stopped());
  return all;
}

bool Projection::ready() {
  if (ready_) return true;
  if (!counts()) return false;
  const auto next = [&](event::Stream stream) -> event::Offset {
    if (stream == event::control_stream) return control_->next();
    if (stream == event::ledger_stream) return ledger_->next();
    const auto* followed = province(event::to_string(stream));
    return followed == nullptr ? UINT64_MAX : followed->view()->next;
  };
  ready_ = std::ranges::all_of(ends_at_start_, [&](const auto& end) { return next(end.first) >= end.second; });
  return ready_;
}

bool Projection::ready(const ProvinceStream& province) const {
  if (!counts()) return false;
  const auto end = ends_at_start_.find(province.stream());
  return end == ends_at_start_.end() || province.view()->next >= end->second;
}

bool Projection::caught_up() {
  if (!pool_.idle() || control_->next() < journal_.end(event::control_stream) || ledger_->next() < journal_.end(event::ledger_stream)) return false;
  return std::ranges::all_of(provinces(), [&](const auto* each) { return each->view()->next >= journal_.end(each->stream()); });
}

}  // namespace tamroi::projection
