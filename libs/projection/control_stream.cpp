#include "projection/control_stream.h"

#include <fmt/format.h>

#include "base/check.h"
#include "projection/folding.h"

namespace tamroi::projection {

ControlStream::ControlStream(journal::Journal& journal, readmodel::ReadModel& model, std::shared_ptr<reporting::Plans> plans,
                             telemetry::Log& log, std::function<void()> advanced,
                             std::shared_ptr<Tally> tally, const BatchLimits& batch)
    : journal_(journal), model_(model), log_(log), advanced_(std::move(advanced)), tally_(std::move(tally)), batch_(batch),
      fold_(std::make_unique<reporting::ControlFold>(std::move(plans), body_of(journal, event::control_stream))),
      committed_next_(model.next(event::control_stream)) {}

bool ControlStream::advance() {
  if (stopped()) return false;
  try {
    return advance_batch();
  } catch (const journal::JournalDamaged& damage) {
    stop(next(), damage.what());
  } catch (const readmodel::ReadModelDamaged& damage) {
    stop(next(), damage.what());
  }
  return false;
}

bool ControlStream::advance_batch() {
  commit();
  const auto entries = journal_.read(event::control_stream, folded_next_, batch_.records_max, batch_.bytes_max);
  for (const auto& entry : entries) {
    auto one = step(entry);
    if (!one) break;
    folded_next_ = entry.offset + 1;
    if (entry.offset >= committed_next_) uncommitted_.push_back(std::move(*one));
  }
  commit();
  if (next() == folded_next_) return false;
  {
    const std::scoped_lock lock(view_mutex_);
    next_ = folded_next_;
  }
  show();
  return !stopped() && folded_next_ < journal_.end(event::control_stream);
}

// The fold went on already, so what fails here is kept and tried again: it is never folded twice.
void ControlStream::commit() {
  if (uncommitted_.empty()) return;
  const auto began = std::chrono::steady_clock::now();
  model_.commit_controls(uncommitted_);
  tally_->committed(std::chrono::steady_clock::now() - began, event::control_stream, uncommitted_);
  committed_next_ = folded_next_;
  uncommitted_.clear();
}

void ControlStream::reopen() {
  committed_next_ = model_.next(event::control_stream);
  std::erase_if(uncommitted_, [&](const auto& step) { return step.folded.leaf.offset < committed_next_; });
}

std::optional<readmodel::Step> ControlStream::step(const journal::Entry& entry) {
  try {
    const auto record = event::decode_record(entry.bytes);
    if (!record) throw base::Defect("undecodable record: " + record.error());
    const std::unique_lock lock(fold_mutex_);
    return concluded_control(entry, *record, fold_->step(*record, entry.offset));
  } catch (const base::Defect& defect) {
    stop(entry.offset, fmt::format("only a version of this program that folds it goes on, since a quarantine would stand behind it: {}", defect.what()));
  }
  return std::nullopt;
}

void ControlStream::stop(event::Offset at, std::string why) {
  log_.error("stream stopped", {{"stream", "control"}, {"offset", at}, {"why", why}});
  const std::scoped_lock lock(view_mutex_);
  stopped_ = Stopped{at, std::move(why)};
}

void ControlStream::show() {
  auto published = with_fold([](const reporting::ControlFold& fold) { return std::make_shared<reporting::Published>(fold.published()); });
  {
    const std::scoped_lock lock(view_mutex_);
    published_ = std::move(published);
  }
  advanced_();
}

std::shared_ptr<const reporting::Published> ControlStream::published() const {
  const std::scoped_lock lock(view_mutex_);
  return published_;
}

event::Offset ControlStream::next() const {
  const std::scoped_lock lock(view_mutex_);
  return next_;
}

std::optional<Stopped> ControlStream::stopped() const {
  const std::scoped_lock lock(view_mutex_);
  return stopped_;
}

}  // namespace tamroi::projection
