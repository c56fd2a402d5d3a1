#include "verify/replay.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/check.h"
#include "reporting/control_body.h"
#include "reporting/memory_store.h"
#include "reporting/province_fold.h"
#include "reporting/system_records.h"

namespace tamroi::verify {
namespace {

using audit::Difference;
using event::Outcome;
using event::Stream;
using Found = audit::ProvenPack::Stream;

std::string at(Stream stream, event::Offset offset) { return fmt::format("{}:{}", event::to_string(stream), offset); }

event::Record record_at(const Found& stream, event::Offset offset) {
  auto record = event::decode_record(stream.records.at(offset));
  if (!record) throw base::Defect("undecodable record: " + record.error());
  return std::move(*record);
}

// Where two outcomes part, in a reader's words.
std::string what_differs(std::string_view published_bytes, const Outcome& folded) {
  const auto published = event::decode_outcome(published_bytes);
  if (!published) return fmt::format("the published outcome cannot be read: {}", published.error());
  if (published->verdict != folded.verdict) return "another verdict follows from the record than the published one";
  if (published->problems != folded.problems) return "other problems follow from the record than the published ones";
  if (published->recorded_at != folded.recorded_at) return "another time follows from the record than the published one";
  const auto [row, other] = std::ranges::mismatch(published->rows, folded.rows);
  if (row == published->rows.end() && other == folded.rows.end()) return "another outcome follows from the record than the published one";
  const auto& of = row != published->rows.end() ? *row : *other;
  return fmt::format("another result of {}, indicator {}, follows from the record than the published one", of.unit, of.indicator);
}

// What the leaf says beside lengths and hashes, of an outcome that is the published one.
std::string what_leaf_differs(const event::Leaf& leaf, const Outcome& outcome, std::uint8_t kind, const base::Uuid& id) {
  if (leaf.kind != kind) return "the leaf says another kind than the record";
  if (leaf.id != id) return "the leaf says another id than the record";
  if (leaf.recorded_at != outcome.recorded_at) return "the leaf says another time than the outcome";
  if (leaf.fold_version != outcome.fold_version) return "the leaf says another fold version than the outcome";
  return {};
}

std::string compare(const Found& stream, event::Offset offset, const Outcome& outcome, std::uint8_t kind, const base::Uuid& id) {
  if (event::encode(outcome) != stream.outcomes[offset]) return what_differs(stream.outcomes[offset], outcome);
  return what_leaf_differs(stream.leaves[offset], outcome, kind, id);
}

// The control stream, whose fold the provinces ask.
class Controls {
 public:
  explicit Controls(const Found& stream) : stream_(stream) {}

  std::expected<void, Difference> run(Replayed& replayed) {
    for (event::Offset offset = 0; offset < stream_.records.size(); ++offset) {
      std::string why;
      try {
        const auto record = record_at(stream_, offset);
        const auto outcome = fold_.step(record, offset);
        why = compare(stream_, offset, outcome, static_cast<std::uint8_t>(record.kind), record.id);
        if (why.empty() && outcome.verdict == event::Verdict::Accepted) note_catalogue(record, replayed);
      } catch (const base::Defect& defect) {
        why = fmt::format("the record cannot be folded: {}", defect.what());
      }
      if (!why.empty()) return std::unexpected(Difference{at(event::control_stream, offset), std::move(why)});
    }
    replayed.records += stream_.records.size();
    replayed.published = fold_.published();
    return {};
  }

  [[nodiscard]] const reporting::ControlFold& fold() const { return fold_; }
  [[nodiscard]] const std::shared_ptr<reporting::Plans>& plans() const { return plans_; }
  // Whether a copy that a province applied is the control that it says.
  [[nodiscard]] bool is_copy(const event::Record& copy) const {
    const auto& numbered = fold_.numbered();
    if (copy.number == 0 || copy.number > numbered.size()) return false;
    return reporting::copy_control(record_at(stream_, numbered[copy.number - 1].offset), numbered[copy.number - 1], copy.received_at) == copy;
  }

 private:
  static void note_catalogue(const event::Record& record, Replayed& replayed) {
    base::Json json;
    const auto body = json.parse(record.body);
    const auto type = body ? reporting::parse_control_type(body->member("type").text()) : std::nullopt;
    if (type != reporting::ControlType::CataloguePublished) return;
    reporting::Problems problems;
    auto control = reporting::read_control_body(*type, *body, problems);
    if (control.round && control.files) replayed.catalogues[*control.round] = std::move(*control.files);
  }

  const Found& stream_;
  std::shared_ptr<reporting::Plans> plans_ = std::make_shared<reporting::Plans>();
  reporting::ControlFold fold_{plans_, [this](event::Offset offset) { return record_at(stream_, offset).body; }};
};

// One province's stream, all of it in memory.
class Province {
 public:
  Province(Stream stream, const Found& found, const Controls& controls) : stream_(stream), found_(found), controls_(controls) {}

  std::expected<void, Difference> run(Replayed& replayed) {
    do {
      store_ = std::make_unique<reporting::MemoryStore>([this](event::Offset offset) { return record_at(found_, offset).body; });
      fold_ = std::make_unique<reporting::ProvinceFold>(event::to_string(stream_), controls_.plans(), *store_);
      results_.clear();
      earlier_ = 0;
    } while (!run_once());
    if (difference_) return std::unexpected(std::move(*difference_));
    replayed.records += found_.records.size();
    replayed.facts += store_->size();
    replayed.earlier += earlier_;
    for (const auto& [round, state] : fold_->rounds()) {
      if (state->opened) replayed.rounds[round][fold_->province()] = std::make_shared<const answer::PublishedRound>(answer::published(*state));
    }
    return {};
  }

 private:
  // False where a record is one that a quarantine names, which was not known before: it may have done half of a step.
  bool run_once() {
    for (event::Offset offset = 0; offset < found_.records.size(); ++offset) {
      std::string why;
      try {
        why = std::ranges::find(passed_, offset) == passed_.end() ? step(offset) : pass(offset);
      } catch (const base::Defect& defect) {
        if (controls_.fold().quarantine({stream_, offset}) == base::to_hex(found_.leaves[offset].record_sha256)) {
          passed_.push_back(offset);
          return false;
        }
        why = fmt::format("the record cannot be folded: {}", defect.what());
      }
      if (why.empty()) continue;
      difference_ = Difference{at(stream_, offset), std::move(why)};
      return true;
    }
    return true;
  }

  std::string pass(event::Offset offset) { return compare(found_, offset, fold_->pass(offset), 0, {}); }

  std::string step(event::Offset offset) {
    const auto record = record_at(found_, offset);
    const bool begins = !fold_->counts() && fold_->begins_to_count(record);
    const bool counts = fold_->counts();
    auto outcome = fold_->step(record, offset);
    if (record.kind == event::Kind::ControlCopy && outcome.verdict == event::Verdict::Applied && !controls_.is_copy(record)) {
      return "the copy is not the control that it says";
    }
    if (begins) fold_->take_over(results_, outcome);
    if (counts || begins) return compare(found_, offset, outcome, static_cast<std::uint8_t>(record.kind), record.id);
    return as_published(offset, record, outcome);
  }

  // An earlier version's outcome stands; this one's must have the same verdict.
  std::string as_published(event::Offset offset, const event::Record& record, const Outcome& own) {
    const auto outcome = event::decode_outcome(found_.outcomes[offset]);
    if (!outcome) return fmt::format("the published outcome cannot be read: {}", outcome.error());
    if (own.verdict != outcome->verdict || own.repeat_of != outcome->repeat_of || own.version != outcome->version) {
      return "another verdict follows from the record than the published one";
    }
    for (const auto& row : outcome->rows) results_.put(row, event::encode(row));
    ++earlier_;
    return what_leaf_differs(found_.leaves[offset], *outcome, static_cast<std::uint8_t>(record.kind), record.id);
  }

  const Stream stream_;
  const Found& found_;
  const Controls& controls_;
  std::vector<event::Offset> passed_;
  std::unique_ptr<reporting::MemoryStore> store_;
  std::unique_ptr<reporting::ProvinceFold> fold_;
  reporting::CurrentResults results_;  // as published, while an earlier version of the fold counts
  std::uint64_t earlier_ = 0;
  std::optional<Difference> difference_;
};

}  // namespace

std::expected<Replayed, Difference> replay(const audit::ProvenPack& pack) {
  Replayed replayed;
  Controls controls(pack.streams.at(event::control_stream));
  if (auto done = controls.run(replayed); !done) return std::unexpected(std::move(done.error()));
  for (const auto& [stream, found] : pack.streams) {
    if (stream == event::control_stream) continue;
    if (auto done = Province(stream, found, controls).run(replayed); !done) return std::unexpected(std::move(done.error()));
  }
  return replayed;
}

}  // namespace tamroi::verify
