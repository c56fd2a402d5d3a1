#include "projection/folding.h"

#include <fmt/format.h>

#include "base/check.h"
#include "base/json.h"

namespace tamroi::projection {
namespace {

readmodel::Step step_of(const journal::Entry& entry, event::Outcome outcome, std::string bytes) {
  readmodel::Step step;
  auto& folded = step.folded;
  folded.outcome = std::move(bytes);
  auto& leaf = folded.leaf;
  leaf.stream = outcome.position.stream;
  leaf.offset = outcome.position.offset;
  leaf.recorded_at = outcome.recorded_at;
  leaf.record_length = static_cast<std::uint32_t>(entry.bytes.size());
  leaf.record_sha256 = base::sha256(entry.bytes);
  leaf.outcome_length = static_cast<std::uint32_t>(folded.outcome.size());
  leaf.outcome_sha256 = base::sha256(folded.outcome);
  leaf.fold_version = outcome.fold_version;
  step.outcome = std::move(outcome);
  return step;
}

readmodel::Step concluded_as(const journal::Entry& entry, const event::Record& record, base::JsonValue body, event::Outcome outcome, std::string bytes) {
  auto step = step_of(entry, std::move(outcome), std::move(bytes));
  step.folded.leaf.kind = static_cast<std::uint8_t>(record.kind);
  step.folded.leaf.id = record.id;
  step.folded.actor = record.actor;
  if (!body) return step;
  if (const auto reason = body.member("reason")) step.folded.reason = reason.raw();
  if (const auto letter = body.member("letter")) step.folded.letter = letter.raw();
  return step;
}

}  // namespace

readmodel::Step concluded(const journal::Entry& entry, const event::Record& record, base::JsonValue body, event::Outcome outcome) {
  auto bytes = event::encode(outcome);
  return concluded_as(entry, record, body, std::move(outcome), std::move(bytes));
}

readmodel::Step concluded_control(const journal::Entry& entry, const event::Record& record, event::Outcome outcome) {
  base::Json body;
  const bool is_json = body.parse(record.body).has_value();
  return concluded(entry, record, is_json ? body.root() : base::JsonValue{}, std::move(outcome));
}

readmodel::Step passed(const journal::Entry& entry, event::Outcome outcome) {
  auto bytes = event::encode(outcome);
  return step_of(entry, std::move(outcome), std::move(bytes));
}

ProvinceFolding::ProvinceFolding(std::string province, std::shared_ptr<reporting::Plans> plans, reporting::Store& store, AskPublished published)
    : fold_(std::move(province), std::move(plans), store), published_(std::move(published)) {}

void ProvinceFolding::resume(event::Offset next, reporting::CurrentResults results) {
  next_ = next;
  results_ = std::move(results);
}

std::optional<readmodel::Step> ProvinceFolding::step(const journal::Entry& entry) {
  if (entry.offset != next_) throw base::Defect(fmt::format("offset {} is missing: the next is {}", next_, entry.offset));
  const auto record = event::decode_record(entry.bytes);
  if (!record) throw base::Defect("undecodable record: " + record.error());
  if (fold_.counts()) {
    auto outcome = fold_.step(*record, entry.offset);
    return publish(concluded(entry, *record, fold_.stepped(), std::move(outcome)), record->kind);
  }
  if (fold_.begins_to_count(*record)) {
    auto outcome = fold_.step(*record, entry.offset);
    fold_.take_over(results_, outcome);
    own_.clear();
    parted_.clear();
    return publish(concluded(entry, *record, fold_.stepped(), std::move(outcome)), record->kind);
  }
  auto bytes = published_(entry.offset);
  if (!bytes) return std::nullopt;
  return publish(as_published(entry, *record, std::move(*bytes)), record->kind);
}

// An earlier version's outcome stands; this one's must have the same verdict.
readmodel::Step ProvinceFolding::as_published(const journal::Entry& entry, const event::Record& record, std::string bytes) {
  auto outcome = event::decode_outcome(bytes);
  if (!outcome) throw base::Defect("the ledger's outcome cannot be read: " + outcome.error());
  auto own = fold_.step(record, entry.offset);
  if (own.verdict != outcome->verdict || own.repeat_of != outcome->repeat_of || own.version != outcome->version) {
    throw base::Defect(fmt::format("version {} of the fold judges otherwise than version {} did, which was published", reporting::fold_version,
                                   outcome->fold_version));
  }
  note_parted(own.rows, outcome->rows);
  auto step = concluded_as(entry, record, fold_.stepped(), std::move(*outcome), std::move(bytes));
  step.own_rows = std::move(own.rows);
  return step;
}

void ProvinceFolding::note_parted(const std::vector<event::HistoryRow>& own, const std::vector<event::HistoryRow>& published) {
  const auto key = [](const auto& row) { return reporting::CurrentResults::key(row.round, row.unit, row.indicator); };
  for (const auto& row : own) own_.insert_or_assign(key(row), row);
  const auto note = [&](const std::string& result, const event::HistoryRow& theirs) {
    const auto ours = own_.find(result);
    const bool differs = ours == own_.end() || ours->second.standing != theirs.standing || ours->second.figures != theirs.figures;
    if (!differs) parted_.erase(result);
    if (differs) parted_.try_emplace(result, next_);
  };
  for (const auto& row : published) note(key(row), row);
  for (const auto& row : own) {
    const auto result = key(row);
    if (std::ranges::find(published, result, key) != published.end()) continue;
    const auto kept = results_.rows().find(result);
    note(result, kept == results_.rows().end() ? event::HistoryRow{} : event::decode_history_row(kept->second).value());
  }
}

readmodel::Step ProvinceFolding::pass(const journal::Entry& entry) {
  return publish(passed(entry, fold_.pass(entry.offset)), event::Kind::Submission);
}

readmodel::Step ProvinceFolding::publish(readmodel::Step step, event::Kind kind) {
  for (const auto& row : step.outcome.rows) results_.put(row, step.rows.emplace_back(event::encode(row)));
  if (reporting::digest_is_due(next_, kind)) step.digest = results_.digest();
  ++next_;
  return step;
}

std::function<std::string(event::Offset)> body_of(journal::Journal& journal, event::Stream stream) {
  return [&journal, stream](event::Offset offset) {
    const auto entries = journal.read(stream, offset, 1, 0);
    CHECK(entries.size() == 1 && entries.front().offset == offset);
    auto record = event::decode_record(entries.front().bytes);
    CHECK(record.has_value());
    return std::move(record->body);
  };
}

}  // namespace tamroi::projection
