#include "projection/checkpoint_stream.h"

#include <algorithm>

#include <fmt/format.h>

namespace tamroi::projection {
namespace {

constexpr std::size_t records_at_once = 256;
constexpr std::size_t bytes_at_once = std::size_t{1} << 20;
// Twice what the witnesses have to answer.
constexpr std::chrono::seconds cosigned_within{2};

}  // namespace

CheckpointStream::CheckpointStream(journal::Journal& journal, readmodel::ReadModel& model, telemetry::Log& log, Trust trust)
    : journal_(journal), model_(model), log_(log), trust_(std::move(trust)), tree_(journal, model), next_(0) {
  reopen();
}

// What was shown stays shown: the other may be behind.
void CheckpointStream::reopen() {
  next_ = model_.next(event::checkpoints_stream);
  const auto kept = model_.checkpoints();
  for (const auto& note : {kept.cosigned, kept.newest}) {
    if (auto published = note.empty() ? std::unexpected(std::string()) : opened(note)) show(std::move(*published));
  }
}

bool CheckpointStream::advance() {
  if (stopped()) return false;
  try {
    return advance_batch();
  } catch (const journal::JournalDamaged& damage) {
    log_.error("stream stopped", {{"stream", "checkpoints"}, {"offset", next_.load()}, {"why", damage.what()}});
    const std::scoped_lock lock(mutex_);
    stopped_ = Stopped{next_, damage.what()};
  }
  return false;
}

bool CheckpointStream::advance_batch() {
  const auto entries = journal_.read(event::checkpoints_stream, next_, records_at_once, bytes_at_once);
  auto until = next_.load();
  waits_for_ = 0;
  for (const auto& entry : entries) {
    if (!take(entry)) break;
    until = entry.offset + 1;
  }
  if (until == next_) return false;
  const auto note_of = [](const One& one) { return one == nullptr ? std::string() : one->note; };
  model_.commit_checkpoints(until, {note_of(newest()), note_of(cosigned())});
  next_ = until;
  return waits_for_ == 0 && until < journal_.end(event::checkpoints_stream);
}

std::expected<PublishedCheckpoint, std::string> CheckpointStream::opened(const std::string& bytes) const {
  if (trust_.key) {
    auto signed_one = audit::open_checkpoint(bytes, *trust_.key);
    if (!signed_one) return std::unexpected(std::move(signed_one.error()));
    return PublishedCheckpoint{std::move(signed_one->checkpoint), bytes, signed_one->note.signatures.size()};
  }
  const auto note = audit::parse_note(bytes);
  if (!note) return std::unexpected(note.error());
  auto checkpoint = audit::parse_checkpoint(note->text);
  if (!checkpoint) return std::unexpected(std::move(checkpoint.error()));
  return PublishedCheckpoint{std::move(*checkpoint), bytes, note->signatures.size()};
}

bool CheckpointStream::take(const journal::Entry& entry) {
  auto published = opened(entry.bytes);
  if (!published) return pass(entry.offset, published.error()), true;
  const auto& checkpoint = published->checkpoint;
  // Said before it is looked at: whoever adds entries meanwhile sees it.
  waits_for_ = checkpoint.size;
  if (checkpoint.size > tree_.size()) return false;
  waits_for_ = 0;
  const auto root = tree_.root(checkpoint.size);
  if (root != checkpoint.root) return contradicts(*published, root), true;
  show(std::move(*published));
  return true;
}

void CheckpointStream::pass(event::Offset offset, const std::string& why) {
  log_.warning("checkpoint passed", {{"offset", offset}, {"why", why}});
}

void CheckpointStream::contradicts(const PublishedCheckpoint& published, const audit::Hash& root) {
  const auto size = published.checkpoint.size;
  auto why = fmt::format("A checkpoint of {} entries that stands in the journal has another root than the ledger here, whose first {} entries have the root {}.",
                         size, size, audit::to_base64(root));
  // Without the key nobody knows whose it is.
  if (!trust_.key || trust_.evidence == nullptr) return log_.warning("checkpoint passed", {{"why", why}});
  std::vector<std::string> notes{published.note};
  if (const auto one = newest(); one != nullptr && one->checkpoint.size >= size) {
    why += " The newest checkpoint below contains them; proof:";
    for (const auto& hash : tree_.consistency(size, one->checkpoint.size)) why += "\n" + audit::to_base64(hash);
    notes.push_back(one->note);
  }
  trust_.evidence->keep(why, notes);
}

void CheckpointStream::show(PublishedCheckpoint published) {
  const auto one = std::make_shared<const PublishedCheckpoint>(std::move(published));
  const bool is_cosigned = trust_.is_cosigned && trust_.is_cosigned(one->note);
  const auto goes_before = [&](const One& other) {
    if (other == nullptr || one->checkpoint.size != other->checkpoint.size) return other == nullptr || one->checkpoint.size > other->checkpoint.size;
    return one->signatures >= other->signatures;
  };
  const std::scoped_lock lock(mutex_);
  if (goes_before(newest_)) {
    if (newest_ == nullptr || newest_->checkpoint.size < one->checkpoint.size) newest_since_ = std::chrono::steady_clock::now();
    newest_ = one;
  }
  if (is_cosigned && goes_before(cosigned_)) cosigned_ = one;
}

CheckpointStream::One CheckpointStream::newest() const {
  const std::scoped_lock lock(mutex_);
  return newest_;
}

CheckpointStream::One CheckpointStream::cosigned() const {
  const std::scoped_lock lock(mutex_);
  return cosigned_;
}

CheckpointStream::One CheckpointStream::shown() const {
  const std::scoped_lock lock(mutex_);
  if (cosigned_ == nullptr || std::chrono::steady_clock::now() - newest_since_ > cosigned_within) return newest_;
  return cosigned_;
}

std::optional<Stopped> CheckpointStream::stopped() const {
  const std::scoped_lock lock(mutex_);
  return stopped_;
}

}  // namespace tamroi::projection
