#include "readmodel/steps.h"

#include "base/check.h"
#include "readmodel/keys.h"

namespace tamroi::readmodel {
namespace {

std::string encode(const Folded& folded) {
  base::ByteWriter out;
  out.raw(event::encode(folded.leaf));
  out.text(folded.actor.account).text(folded.actor.role).text(folded.actor.unit).text(folded.reason).text(folded.letter);
  return out.take();
}

// Whose version a submission made, or who was refused: a control has no unit of its own, and a repeat says nothing new.
void put_sent(Rows& rows, event::Stream stream, const Step& step) {
  const auto& [folded, outcome, row_bytes, digest, own_rows] = step;
  if (folded.leaf.kind != static_cast<std::uint8_t>(event::Kind::Submission)) return;
  if (outcome.verdict == event::Verdict::Accepted) {
    rows.put(Family::Sent, keys::sent(stream, outcome.unit, keys::Verdict::Accepted, outcome.round, folded.leaf.offset), encode_next(outcome.version));
  } else if (outcome.verdict == event::Verdict::Rejected) {
    rows.put(Family::Sent, keys::sent(stream, outcome.unit, keys::Verdict::Rejected, {}, folded.leaf.offset), {});
  }
}

}  // namespace

void put_step(Rows& rows, event::Stream stream, const Step& step, bool published) {
  const auto& [folded, outcome, row_bytes, digest, own_rows] = step;
  const auto key = keys::position(folded.position());
  rows.put(Family::Records, key, encode(folded));
  if (!published) rows.put(Family::Outcomes, key, folded.outcome);
  const auto place = [&](const auto& of) { return keys::history(stream, of.round, of.unit, of.indicator, folded.leaf.offset); };
  for (std::size_t i = 0; i < outcome.rows.size(); ++i) rows.put(Family::History, place(outcome.rows[i]), row_bytes[i]);
  for (const auto& change : outcome.changes) rows.put(Family::Changes, place(change), event::encode(change));
  for (const auto& row : own_rows) rows.put(Family::OwnHistory, place(row), event::encode(row));
  put_sent(rows, stream, step);
  if (digest) rows.put(Family::Digests, key, base::raw(*digest));
}

std::string encode_next(event::Offset next) { return base::ByteWriter().u64(next).take(); }

std::string encode_published(event::Offset index, const base::Digest& outcome_sha256) {
  return base::ByteWriter().u64(index).raw(base::raw(outcome_sha256)).take();
}

Folded decode_folded(std::string_view row) {
  base::ByteReader in(row);
  Folded folded;
  auto leaf = event::decode_leaf(in.raw(event::Leaf::size_bytes));
  CHECK(leaf.has_value());
  folded.leaf = *leaf;
  folded.actor = {std::string(in.text()), std::string(in.text()), std::string(in.text())};
  folded.reason = in.text();
  folded.letter = in.text();
  in.end();
  return folded;
}

}  // namespace tamroi::readmodel
