#include "projection/folding.h"

#include <fmt/format.h>

#include "base/check.h"
#include "base/json.h"

namespace tamroi::projection {
namespace {

readmodel::Step step_of(const journal::Entry& entry, event::Outcome outcome) {
  readmodel::Step step;
  auto& folded = step.folded;
  folded.outcome = event::encode(outcome);
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

void read_reason(readmodel::Folded& folded, const std::string& body) {
  // Most submissions have neither: a look at the bytes is cheaper than parsing them once more.
  if (body.find("\"reason\"") == std::string::npos && body.find("\"letter\"") == std::string::npos) return;
  base::Json document;
  const auto root = document.parse(body);
  if (!root) return;
  if (const auto reason = root->member("reason")) folded.reason = reason.raw();
  if (const auto letter = root->member("letter")) folded.letter = letter.raw();
}

}  // namespace

readmodel::Step concluded(const journal::Entry& entry, const event::Record& record, event::Outcome outcome) {
  auto step = step_of(entry, std::move(outcome));
  step.folded.leaf.kind = static_cast<std::uint8_t>(record.kind);
  step.folded.leaf.id = record.id;
  step.folded.actor = record.actor;
  read_reason(step.folded, record.body);
  return step;
}

readmodel::Step passed(const journal::Entry& entry, event::Outcome outcome) { return step_of(entry, std::move(outcome)); }

ProvinceFolding::ProvinceFolding(std::string province, std::shared_ptr<reporting::Plans> plans, reporting::Store& store)
    : fold_(std::move(province), std::move(plans), store) {}

void ProvinceFolding::resume(event::Offset next, reporting::CurrentResults results) {
  next_ = next;
  results_ = std::move(results);
}

readmodel::Step ProvinceFolding::step(const journal::Entry& entry) {
  if (entry.offset != next_) throw base::Defect(fmt::format("offset {} is missing: the next is {}", next_, entry.offset));
  const auto record = event::decode_record(entry.bytes);
  if (!record) throw base::Defect("undecodable record: " + record.error());
  return publish(concluded(entry, *record, fold_.step(*record, entry.offset)), record->kind);
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
