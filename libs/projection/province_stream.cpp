#include "projection/province_stream.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include <fmt/format.h>

#include "base/check.h"
#include "event/ledger_entry.h"
#include "projection/folding.h"
#include "reporting/fold_ended.h"

namespace tamroi::projection {

using base::Defect;

ProvinceStream::ProvinceStream(const std::string& province, Surroundings around)
    : province_(province), stream_(event::parse_stream(province).value()), around_(std::move(around)) {}

bool ProvinceStream::advance() {
  if (stopped()) return false;
  const bool more = advance_alone();
  // Whoever waits may ask for what was shown, so they are told without the lock.
  if (std::exchange(shown_, false)) around_.advanced(*this);
  return more;
}

bool ProvinceStream::advance_alone() {
  const std::unique_lock lock(fold_mutex_);
  try {
    if (!loaded_) load();
    const bool more = fold_batch();
    compare();
    return more;
  } catch (const Defect& defect) {
    if (!loaded_) folding_.reset();  // what was read of it is not what was folded
    stop(next_, defect.what());
  } catch (const journal::JournalDamaged& damage) {
    stop_damaged(damage);
  } catch (const readmodel::ReadModelDamaged& damage) {
    stop_damaged(damage);
  } catch (const std::system_error&) {
    forget();  // what a failed commit did is unknown
    throw;
  }
  return false;
}

void ProvinceStream::load() {
  forget();
  model_ = around_.model.stream(stream_, body_of(around_.journal, stream_));
  folding_ = std::make_unique<ProvinceFolding>(province_, around_.plans, *model_, [this](event::Offset offset) { return published_outcome(offset); });
  next_ = model_->load(folding_->fold());
  folding_->resume(next_, around_.model.results(stream_, next_));
  verify_results();
  published_next_ = around_.model.published_next(stream_);
  compared_next_ = around_.model.compared_next(stream_);
  loaded_ = true;
  show();
}

// What is read from the disk must be what was folded: else it is damaged, and serves nobody.
void ProvinceStream::verify_results() const {
  const auto kept = around_.model.digest(stream_, next_);
  if (!kept) return;
  const auto until = kept->offset + 1;
  const auto digest = until == next_ ? folding_->results().digest() : around_.model.results(stream_, until).digest();
  if (digest == kept->digest) return;
  throw Defect(fmt::format("the read model's results after offset {} are not those that were folded: it is damaged; build it anew with "
                           "tamroi-server rebuild", kept->offset));
}

bool ProvinceStream::fold_batch() {
  const auto entries = around_.journal.read(stream_, next_, around_.batch.records_max, around_.batch.bytes_max);
  if (entries.empty()) {
    const auto end = around_.journal.end(stream_);
    if (end < next_) throw Defect(fmt::format("the stream ends at {}, but was folded up to {}", end, next_));
    return false;
  }
  std::vector<readmodel::Step> steps;
  steps.reserve(entries.size());
  const auto began = std::chrono::steady_clock::now();
  for (std::size_t i = 0; i < entries.size(); ++i) {
    try {
      auto one = folding_->step(entries[i]);
      if (!one) break;  // until the ledger has more of it
      steps.push_back(std::move(*one));
    } catch (const reporting::FoldEnded& ended) {
      refold(entries, i);
      stop(next_, ended.what());
      return false;
    } catch (const Defect& defect) {
      recover(entries, i, defect.what());
      return !stopped();
    }
  }
  around_.tally->folded(std::chrono::steady_clock::now() - began);
  const bool waits = steps.size() < entries.size();
  commit(std::move(steps));
  return !waits && next_ < around_.journal.end(stream_);
}

void ProvinceStream::commit(std::vector<readmodel::Step> steps) {
  if (steps.empty()) return;
  const auto began = std::chrono::steady_clock::now();
  model_->commit(folding_->fold(), steps);
  around_.tally->committed(std::chrono::steady_clock::now() - began, stream_, steps);
  next_ = folding_->next();
  show();
}

std::optional<std::string> ProvinceStream::published_outcome(event::Offset offset) const {
  const auto published = around_.model.published({stream_, offset});
  if (!published) return std::nullopt;
  const auto entries = around_.journal.read(event::ledger_stream, published->index, 1, 0);
  CHECK(entries.size() == 1);
  auto entry = event::decode_ledger_entry(entries.front().bytes);
  if (!entry) throw Defect(fmt::format("the ledger's entry {} is damaged: {}", published->index, entry.error()));
  return std::move(entry->outcome);
}

// A fold that threw may have done half of a step: it is loaded anew, and goes up to the record that failed.
void ProvinceStream::refold(const std::vector<journal::Entry>& entries, std::size_t count) {
  load();
  std::vector<readmodel::Step> steps;
  for (std::size_t i = 0; i < count; ++i) steps.push_back(folding_->step(entries[i]).value());
  commit(std::move(steps));
}

void ProvinceStream::recover(const std::vector<journal::Entry>& entries, std::size_t failed, const std::string& why) {
  refold(entries, failed);
  std::vector<readmodel::Step> steps;
  const auto& entry = entries[failed];
  const auto named = around_.quarantine({stream_, entry.offset});
  const auto digest = base::to_hex(base::sha256(entry.bytes));
  if (entry.offset != next_) return stop(next_, why);
  if (named != digest) return stop(next_, why, digest);
  around_.log.warning("record set aside by a quarantine", {{"stream", province_}, {"offset", entry.offset}, {"why", why}});
  steps.push_back(folding_->pass(entry));
  commit(std::move(steps));
}

// What this node concluded, against what was published.
void ProvinceStream::compare() {
  const auto until = std::min<event::Offset>(published_next_, next_);
  if (compared_next_ >= until) return;
  for (event::Offset offset = compared_next_; offset < until; ++offset) {
    const auto published = around_.model.published({stream_, offset});
    const auto folded = around_.model.folded({stream_, offset});
    CHECK(published.has_value() && folded.has_value());
    if (published->outcome_sha256 == folded->leaf.outcome_sha256) continue;
    return stop(offset, fmt::format("the ledger's entry {} says another outcome of offset {}", published->index, offset));
  }
  around_.model.set_compared(stream_, until);
  compared_next_ = until;
}

void ProvinceStream::stop(event::Offset at, std::string why, std::string record_sha256) {
  if (!record_sha256.empty()) {
    while (why.ends_with('.')) why.pop_back();
    why += ". Install a version of this program that folds it; or, where there is none, an operator passes it over for good by a quarantine of this "
           "stream, offset and record_sha256, and its sender sends anew what it said";
  }
  around_.log.error("stream stopped", {{"stream", province_}, {"offset", at}, {"why", why}, {"record_sha256", record_sha256}});
  const std::scoped_lock lock(view_mutex_);
  stopped_ = Stopped{at, std::move(why), std::move(record_sha256)};
}

// To try again would not help; the fold may have done half of a step.
void ProvinceStream::stop_damaged(const std::system_error& damage) {
  forget();
  stop(next_, damage.what());
}

// The fold has gone beyond what is shown, or may have.
void ProvinceStream::forget() {
  loaded_ = false;
  folding_.reset();
}

void ProvinceStream::reopen() {
  {
    const std::unique_lock lock(fold_mutex_);
    loaded_ = false;
  }
  resume();
}

void ProvinceStream::let_go() {
  const std::unique_lock lock(fold_mutex_);
  forget();
  model_.reset();
}

void ProvinceStream::resume() {
  const std::scoped_lock lock(view_mutex_);
  stopped_.reset();
}

void ProvinceStream::show() {
  auto view = std::make_shared<ProvinceView>();
  const auto& fold = std::as_const(*folding_).fold();
  view->next = next_;
  view->recorded_at = fold.recorded_at();
  view->fold_bytes = fold.bytes();
  view->controls = fold.controls();
  for (const auto& [name, state] : fold.rounds()) {
    view->rounds[name] = std::make_shared<const answer::PublishedRound>(answer::published(*state));
  }
  {
    const std::scoped_lock lock(view_mutex_);
    view_ = std::move(view);
  }
  shown_ = true;
}

std::shared_ptr<const ProvinceView> ProvinceStream::view() const {
  const std::scoped_lock lock(view_mutex_);
  return view_;
}

std::optional<Stopped> ProvinceStream::stopped() const {
  const std::scoped_lock lock(view_mutex_);
  return stopped_;
}

void ProvinceStream::with_round(std::string_view round,
                                const std::function<void(const ProvinceView&, const reporting::RoundState&)>& read) const {
  const std::shared_lock lock(fold_mutex_);
  require_fold();
  const auto* state = std::as_const(*folding_).fold().round(round);
  if (state != nullptr) read(*view(), *state);
}

void ProvinceStream::with_copy(const std::function<void(const ProvinceView&, reporting::ProvinceFold&)>& change) const {
  const std::shared_lock lock(fold_mutex_);
  require_fold();
  // Never committed: what is put there goes with it.
  const auto store = around_.model.stream(stream_, body_of(around_.journal, stream_));
  reporting::ProvinceFold copy(std::as_const(*folding_).fold(), *store);
  change(*view(), copy);
}

void ProvinceStream::require_fold() const {
  if (folding_ != nullptr) return;
  throw readmodel::ReadModelUnavailable(std::make_error_code(std::errc::resource_unavailable_try_again),
                                        fmt::format("the fold of {} has to be read anew", province_));
}

}  // namespace tamroi::projection
