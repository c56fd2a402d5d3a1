#include "projection/receipts.h"

#include "base/check.h"
#include "event/ledger_entry.h"

namespace tamroi::projection {
namespace {

std::string bytes_at(journal::Journal& journal, event::Position position) {
  auto entries = journal.read(position.stream, position.offset, 1, 0);
  CHECK(entries.size() == 1);
  return std::move(entries.front().bytes);
}

}  // namespace

std::optional<audit::Receipt> receipt_of(Projection& projection, event::Position position) {
  const auto published = projection.model().published(position);
  if (!published) return std::nullopt;
  const auto& checkpoints = *projection.checkpoints();
  auto checkpoint = checkpoints.cosigned();
  if (checkpoint == nullptr || checkpoint->checkpoint.size <= published->index) checkpoint = checkpoints.newest();
  if (checkpoint == nullptr || checkpoint->checkpoint.size <= published->index) return std::nullopt;
  auto entry = bytes_at(projection.journal(), {event::ledger_stream, published->index});
  const audit::TlogProof proof{{}, published->index, checkpoints.tree().inclusion(published->index, checkpoint->checkpoint.size), checkpoint->note};
  return audit::Receipt{bytes_at(projection.journal(), position), entry.substr(event::Leaf::size_bytes), entry.substr(0, event::Leaf::size_bytes),
                        audit::to_string(proof)};
}

}  // namespace tamroi::projection
