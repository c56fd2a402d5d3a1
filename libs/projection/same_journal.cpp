#include "projection/same_journal.h"

#include <vector>

#include <fmt/format.h>

#include "event/ledger_entry.h"

namespace tamroi::projection {
namespace {

constexpr std::uint16_t last_code = 99;

std::string ends_before(event::Stream stream, event::Offset end, event::Offset next) {
  return fmt::format("stream {} ends at offset {}, but was read up to {} before", event::to_string(stream), end, next);
}

std::string is_another(event::Stream stream, event::Offset offset) {
  return fmt::format("stream {} has another record at offset {} than before", event::to_string(stream), offset);
}

// Of a ledger's entry the place of what it says is known, and the hash of its outcome.
bool is_known(const journal::Entry& entry, readmodel::ReadModel& model) {
  const auto leaf = event::decode_leaf(std::string_view(entry.bytes).substr(0, event::Leaf::size_bytes));
  if (!leaf) return false;
  // A former steward's late write, or of a stream that is not followed here.
  if (leaf->offset >= model.published_next(leaf->stream)) return true;
  const auto published = model.published({leaf->stream, leaf->offset});
  // One that repeats an earlier entry stands behind it.
  return published && published->index <= entry.offset && published->outcome_sha256 == leaf->outcome_sha256;
}

std::string parted_at(journal::Journal& journal, readmodel::ReadModel& model, event::Stream stream) {
  const auto next = model.next(stream);
  if (next == 0) return {};
  const auto end = journal.end(stream);
  if (end < next) return ends_before(stream, end, next);
  const auto entries = journal.read(stream, next - 1, 1, 0);
  if (entries.empty()) return ends_before(stream, next - 1, next);
  const auto& entry = entries.front();
  if (stream == event::ledger_stream) return is_known(entry, model) ? std::string() : is_another(stream, next - 1);
  const auto folded = model.folded({stream, next - 1});
  return folded && folded->leaf.record_sha256 == base::sha256(entry.bytes) ? std::string() : is_another(stream, next - 1);
}

}  // namespace

std::string parted_from(journal::Journal& journal, readmodel::ReadModel& model) {
  // Those that the journal has not any more, too.
  for (std::uint16_t code = 0; code <= last_code; ++code) {
    const event::Stream stream{code};
    if (stream == event::checkpoints_stream) continue;
    if (auto why = parted_at(journal, model, stream); !why.empty()) return why;
  }
  return {};
}

}  // namespace tamroi::projection
