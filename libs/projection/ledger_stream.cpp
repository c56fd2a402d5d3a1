#include "projection/ledger_stream.h"

#include "event/ledger_entry.h"
#include "projection/folding.h"

namespace tamroi::projection {

LedgerStream::LedgerStream(journal::Journal& journal, readmodel::ReadModel& model, telemetry::Log& log,
                           std::function<void(event::Stream, event::Offset)> published, const BatchLimits& batch)
    : journal_(journal), model_(model), log_(log), published_(std::move(published)), batch_(batch), next_(model.next(event::ledger_stream)) {}

bool LedgerStream::advance() {
  if (stopped()) return false;
  try {
    return advance_batch();
  } catch (const journal::JournalDamaged& damage) {
    stop(next_, damage.what());
  } catch (const readmodel::ReadModelDamaged& damage) {
    stop(next_, damage.what());
  } catch (const std::system_error&) {
    published_next_.clear();  // what was seen is not in the read model
    throw;
  }
  return false;
}

bool LedgerStream::advance_batch() {
  const auto entries = journal_.read(event::ledger_stream, next_, batch_.records_max, batch_.bytes_max);
  if (entries.empty()) return false;
  std::vector<readmodel::ReadModel::Seen> seen;
  std::vector<audit::Hash> leaves;
  std::map<event::Stream, event::Offset> moved;
  event::Offset until = next_;
  for (const auto& entry : entries) {
    const auto decoded = event::decode_ledger_entry(entry.bytes);
    if (!decoded) {
      stop(entry.offset, decoded.error());
      break;
    }
    const auto& leaf = decoded->leaf;
    const auto known = published_next_.try_emplace(leaf.stream, 0);
    auto& next = known.first->second;
    if (known.second) next = model_.published_next(leaf.stream);
    until = entry.offset + 1;
    leaves.push_back(audit::leaf_hash(std::string_view(entry.bytes).substr(0, event::Leaf::size_bytes)));
    if (leaf.offset != next) continue;
    seen.push_back({entry.offset, leaf});
    moved[leaf.stream] = ++next;
  }
  model_.commit_ledger(seen, until, leaves);
  next_ = until;
  for (const auto& [stream, next] : moved) published_(stream, next);
  published_(event::ledger_stream, until);
  return !stopped() && until < journal_.end(event::ledger_stream);
}

void LedgerStream::stop(event::Offset at, std::string why) {
  log_.error("stream stopped", {{"stream", "ledger"}, {"offset", at}, {"why", why}});
  const std::scoped_lock lock(stopped_mutex_);
  stopped_ = Stopped{at, std::move(why)};
}

void LedgerStream::reopen() {
  published_next_.clear();
  next_ = model_.next(event::ledger_stream);
}

std::optional<Stopped> LedgerStream::stopped() const {
  const std::scoped_lock lock(stopped_mutex_);
  return stopped_;
}

}  // namespace tamroi::projection
