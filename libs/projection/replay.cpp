#include "projection/replay.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/check.h"

namespace tamroi::projection {
namespace {

using event::Verdict;

constexpr std::size_t read_records_max = 4096;
constexpr std::size_t read_bytes_max = std::size_t{8} << 20;

std::string told(const Difference& difference) {
  const auto& [position, why, index] = difference;
  return fmt::format("{}:{}: {}", event::to_string(position.stream), position.offset, why);
}

template <class Visit>
void each_entry(journal::Journal& journal, event::Stream stream, Visit visit) {
  event::Offset next = 0;
  for (const auto end = journal.end(stream); next < end;) {
    const auto entries = journal.read(stream, next, read_records_max, read_bytes_max);
    CHECK(!entries.empty());
    for (const auto& entry : entries) {
      if (!visit(entry)) return;
    }
    next = entries.back().offset + 1;
  }
}

std::string_view word(Verdict verdict) {
  switch (verdict) {
    case Verdict::Accepted: return "accepted";
    case Verdict::Rejected: return "rejected";
    case Verdict::Repeat: return "repeat";
    case Verdict::Quarantined: return "quarantined";
    case Verdict::Applied: return "applied";
    case Verdict::Skipped: return "skipped";
  }
  return "unknown";
}

// Where two outcomes part, in the words of a reader.
std::string what_differs(const event::Outcome& published, const event::Outcome& folded) {
  if (published.verdict != folded.verdict) return fmt::format("the verdict is {}, published is {}", word(folded.verdict), word(published.verdict));
  if (published.problems != folded.problems) return "the problems are others than those published";
  if (published.recorded_at != folded.recorded_at) return "the time of recording is another than that published";
  const auto [row, other] = std::ranges::mismatch(published.rows, folded.rows);
  if (row != published.rows.end() || other != folded.rows.end()) {
    const auto& of = row != published.rows.end() ? *row : *other;
    return fmt::format("the result of {}, indicator {}, is another than that published", of.unit, of.indicator);
  }
  return "the outcome is another than that published";
}

}  // namespace

JournalDiffers::JournalDiffers(Difference difference) : std::runtime_error(told(difference)), difference_(std::move(difference)) {}

const std::vector<PublishedEntry>& WholeLedger::of(event::Stream stream) const {
  static const std::vector<PublishedEntry> none;
  const auto found = entries.find(stream);
  return found == entries.end() ? none : found->second;
}

WholeLedger read_ledger(journal::Journal& journal) {
  WholeLedger ledger;
  each_entry(journal, event::ledger_stream, [&](const journal::Entry& entry) {
    const auto bytes = std::string_view(entry.bytes).substr(0, event::Leaf::size_bytes);
    const auto leaf = event::decode_leaf(bytes);
    if (!leaf) throw JournalDiffers({{event::ledger_stream, entry.offset}, "it is no entry of a ledger: " + leaf.error(), std::nullopt});
    auto& known = ledger.entries[leaf->stream];
    if (leaf->offset == known.size()) known.push_back({entry.offset, *leaf});
    ledger.until = entry.offset + 1;
    ledger.leaves.push_back(audit::leaf_hash(bytes));
    return true;
  });
  return ledger;
}

std::unique_ptr<reporting::ControlFold> replay_controls(journal::Journal& journal, const std::shared_ptr<reporting::Plans>& plans,
                                                        const std::function<void(const readmodel::Step&)>& visit) {
  auto fold = std::make_unique<reporting::ControlFold>(plans, body_of(journal, event::control_stream));
  each_entry(journal, event::control_stream, [&](const journal::Entry& entry) {
    try {
      const auto record = event::decode_record(entry.bytes);
      if (!record) throw base::Defect("undecodable record: " + record.error());
      visit(concluded_control(entry, *record, fold->step(*record, entry.offset)));
    } catch (const base::Defect& defect) {
      throw JournalDiffers({{event::control_stream, entry.offset}, defect.what(), std::nullopt});
    }
    return true;
  });
  return fold;
}

ProvinceReplay::ProvinceReplay(journal::Journal& journal, std::string province, std::shared_ptr<reporting::Plans> plans,
                               const reporting::ControlFold& controls, const WholeLedger& ledger)
    : journal_(journal), province_(std::move(province)), stream_(event::parse_stream(province_).value()), plans_(std::move(plans)), controls_(controls),
      ledger_(ledger) {}

void ProvinceReplay::run(const std::function<void()>& begin, const std::function<void(const readmodel::Step&)>& visit) {
  do {
    store_ = std::make_unique<reporting::MemoryStore>(body_of(journal_, stream_));
    folding_ = std::make_unique<ProvinceFolding>(province_, plans_, *store_, [this](event::Offset offset) { return published(offset); });
    begin();
  } while (!run_once(visit));
}

std::optional<std::string> ProvinceReplay::published(event::Offset offset) const {
  const auto& entries = ledger_.of(stream_);
  if (offset >= entries.size()) return std::nullopt;
  const auto read = journal_.read(event::ledger_stream, entries[offset].index, 1, 0);
  CHECK(read.size() == 1);
  auto entry = event::decode_ledger_entry(read.front().bytes);
  if (!entry) throw base::Defect("the ledger's entry is damaged: " + entry.error());
  return std::move(entry->outcome);
}

bool ProvinceReplay::run_once(const std::function<void(const readmodel::Step&)>& visit) {
  bool whole = true;
  each_entry(journal_, stream_, [&](const journal::Entry& entry) {
    if (std::ranges::find(passed_, entry.offset) != passed_.end()) {
      visit(folding_->pass(entry));
      return true;
    }
    std::optional<readmodel::Step> step;
    try {
      step = folding_->step(entry);
    } catch (const base::Defect& defect) {
      // It may have done half of a step, so the stream is folded anew, without that record.
      if (controls_.quarantine({stream_, entry.offset}) != base::to_hex(base::sha256(entry.bytes))) {
        throw JournalDiffers({{stream_, entry.offset}, defect.what(), std::nullopt});
      }
      passed_.push_back(entry.offset);
      return whole = false;
    }
    if (!step) return false;
    visit(*step);
    return true;
  });
  return whole;
}

void require_published(journal::Journal& journal, const readmodel::Step& step, const PublishedEntry& published) {
  if (step.folded.leaf == published.leaf) return;
  const auto position = step.folded.position();
  const auto differs = [&](std::string why) { return JournalDiffers({position, std::move(why), published.index}); };
  if (published.leaf.record_sha256 != step.folded.leaf.record_sha256) {
    throw differs(fmt::format("the record is not the one that the ledger's entry {} was written for", published.index));
  }
  const auto entries = journal.read(event::ledger_stream, published.index, 1, 0);
  CHECK(entries.size() == 1);
  const auto entry = event::decode_ledger_entry(entries.front().bytes);
  if (!entry) throw differs(fmt::format("the ledger's entry {} is damaged: {}", published.index, entry.error()));
  const auto outcome = event::decode_outcome(entry->outcome);
  if (!outcome) throw differs(fmt::format("the outcome in the ledger's entry {} cannot be read: {}", published.index, outcome.error()));
  throw differs(fmt::format("{} (the ledger's entry {})", what_differs(*outcome, step.outcome), published.index));
}

}  // namespace tamroi::projection
