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

}  // namespace

void put_steps(Database& database, rocksdb::WriteBatch& batch, event::Stream stream, std::span<const Step> steps) {
  for (const auto& [folded, outcome, row_bytes, digest] : steps) {
    const auto key = keys::position(folded.position());
    database.require(batch.Put(database.of(Family::Records), key, encode(folded)));
    database.require(batch.Put(database.of(Family::Outcomes), key, folded.outcome));
    const auto put = [&](Family family, const auto& of, const std::string& bytes) {
      const auto place = keys::history(stream, of.round, of.unit, of.indicator, folded.leaf.offset);
      database.require(batch.Put(database.of(family), place, bytes));
    };
    for (std::size_t i = 0; i < outcome.rows.size(); ++i) put(Family::History, outcome.rows[i], row_bytes[i]);
    for (const auto& change : outcome.changes) put(Family::Changes, change, event::encode(change));
    if (digest) database.require(batch.Put(database.of(Family::Digests), key, base::raw(*digest)));
  }
  const auto next = base::ByteWriter().u64(steps.back().folded.leaf.offset + 1).take();
  database.require(batch.Put(database.of(Family::State), keys::next(stream), next));
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
