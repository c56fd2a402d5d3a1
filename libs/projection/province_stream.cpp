#include "projection/province_stream.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include <fmt/format.h>

#include "base/check.h"
#include "projection/folding.h"

namespace tamroi::projection {

using base::Defect;

ProvinceStream::ProvinceStream(const std::string& province, Surroundings around)
    : province_(province), stream_(event::parse_stream(province).value()), around_(std::move(around)),
      model_(around_.model.stream(stream_, body_of(around_.journal, stream_))) {}

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
    stop(next_, defect.what());
  } catch (const std::system_error&) {
    loaded_ = false;  // what a failed commit did is unknown
    throw;
  }
  return false;
}

void ProvinceStream::load() {
  fold_ = std::make_unique<reporting::ProvinceFold>(province_, around_.plans, *model_);
  next_ = model_->load(*fold_);
  published_next_ = around_.model.published_next(stream_);
  compared_next_ = around_.model.compared_next(stream_);
  loaded_ = true;
  show();
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
      steps.push_back(step(entries[i]));
    } catch (const Defect& defect) {
      recover(entries, i, defect.what());
      return !stopped();
    }
  }
  around_.tally->folded(std::chrono::steady_clock::now() - began);
  commit(std::move(steps));
  return next_ < around_.journal.end(stream_);
}

readmodel::Step ProvinceStream::step(const journal::Entry& entry) {
  const auto expected = fold_next_;
  if (entry.offset != expected) throw Defect(fmt::format("offset {} is missing: the next is {}", expected, entry.offset));
  const auto record = event::decode_record(entry.bytes);
  if (!record) throw Defect("undecodable record: " + record.error());
  auto made = concluded(entry, *record, fold_->step(*record, entry.offset));
  ++fold_next_;
  return made;
}

void ProvinceStream::commit(std::vector<readmodel::Step> steps) {
  if (steps.empty()) return;
  const auto began = std::chrono::steady_clock::now();
  model_->commit(*fold_, steps);
  around_.tally->committed(std::chrono::steady_clock::now() - began, stream_, steps);
  next_ = fold_next_;
  show();
}

// A fold that threw may have done half of a step: it is loaded anew, and goes up to the record that failed.
void ProvinceStream::recover(const std::vector<journal::Entry>& entries, std::size_t failed, const std::string& why) {
  load();
  std::vector<readmodel::Step> steps;
  for (std::size_t i = 0; i < failed; ++i) steps.push_back(step(entries[i]));
  commit(std::move(steps));
  const auto& entry = entries[failed];
  const auto named = around_.quarantine({stream_, entry.offset});
  const auto digest = base::to_hex(base::sha256(entry.bytes));
  if (entry.offset != next_) return stop(next_, why);
  if (named != digest) return stop(next_, why, digest);
  around_.log.warning("record set aside by a quarantine", {{"stream", province_}, {"offset", entry.offset}, {"why", why}});
  steps.push_back(passed(entry, fold_->pass(entry.offset)));
  ++fold_next_;
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
  around_.log.error("stream stopped", {{"stream", province_}, {"offset", at}, {"why", why}, {"record_sha256", record_sha256}});
  const std::scoped_lock lock(view_mutex_);
  stopped_ = Stopped{at, std::move(why), std::move(record_sha256)};
}

void ProvinceStream::resume() {
  const std::scoped_lock lock(view_mutex_);
  stopped_.reset();
}

void ProvinceStream::show() {
  auto view = std::make_shared<ProvinceView>();
  view->next = fold_next_ = next_;
  view->recorded_at = fold_->recorded_at();
  view->controls = fold_->controls();
  for (const auto& [name, state] : fold_->rounds()) {
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
  const auto* state = fold_ == nullptr ? nullptr : fold_->round(round);
  if (state != nullptr) read(*view(), *state);
}

}  // namespace tamroi::projection
