#include "projection/check.h"

#include <algorithm>
#include <set>
#include <stdexcept>
#include <tuple>
#include <utility>

#include <fmt/format.h>

#include "projection/replay.h"
#include "readmodel/tree.h"

namespace tamroi::projection {
namespace {

constexpr std::size_t rows_at_once = 1024;
constexpr std::size_t bytes_at_once = std::size_t{8} << 20;

// What the read model holds is not what follows from the journal.
class ModelDiffers : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// The read model's rows of a stream, record by record.
class RowsOf {
 public:
  RowsOf(readmodel::ReadModel& model, event::Stream stream)
      : model_(model), stream_(stream), until_(model.next(stream)), published_until_(model.published_next(stream)) {}

  [[nodiscard]] event::Offset until() const { return until_; }

  // From the first record on.
  void begin() {
    rows_.clear();
    place_ = 0;
  }

  // `published`: the ledger's entry of it, null where there is none.
  void compare(const readmodel::Step& step, const PublishedEntry* published) {
    const auto offset = step.folded.leaf.offset;
    if (offset >= until_) return;
    if (place_ == rows_.size()) {
      rows_ = model_.folded(stream_, offset, rows_at_once, bytes_at_once);
      place_ = 0;
    }
    const auto differs = [&](std::string_view what) {
      return ModelDiffers(fmt::format("{}:{}: the read model has another {} than follows from the journal", event::to_string(stream_), offset, what));
    };
    if (place_ == rows_.size()) throw differs("end");
    const auto& row = rows_[place_++];
    const auto& folded = step.folded;
    if (row.leaf != folded.leaf || row.actor != folded.actor || row.reason != folded.reason || row.letter != folded.letter) throw differs("record");
    if (!row.outcome.empty() && row.outcome != folded.outcome) throw differs("outcome");
    if (published != nullptr && offset < published_until_) {
      const auto kept = model_.published(folded.position());
      if (!kept || kept->index != published->index || kept->outcome_sha256 != published->leaf.outcome_sha256) throw differs("entry of the ledger");
    }
    for (const auto& change : step.outcome.changes) {
      const auto kept = model_.changes(stream_, change.round, change.unit, change.indicator, offset + 1, 1);
      if (kept.empty() || kept.front().offset != offset || kept.front().change != change) throw differs("change");
    }
    if (!step.digest) return;
    const auto kept = model_.digest(stream_, offset + 1);
    if (!kept || kept->offset != offset || kept->digest != *step.digest) throw differs("digest of results");
    if (model_.results(stream_, offset + 1).digest() != *step.digest) throw differs("history up to there");
  }

 private:
  readmodel::ReadModel& model_;
  const event::Stream stream_;
  const event::Offset until_;
  const event::Offset published_until_;
  std::vector<readmodel::Folded> rows_;
  std::size_t place_ = 0;
};

bool same(const reporting::FactVersion& a, const reporting::FactVersion& b) {
  return a.id == b.id && a.number == b.number && a.type == b.type && a.unit == b.unit && a.occurred_on == b.occurred_on &&
         a.recorded == b.recorded && a.written == b.written && a.live == b.live && a.late == b.late && a.values == b.values;
}

class Checking {
 public:
  Checking(journal::Journal& journal, readmodel::ReadModel& model, const Follows& follows, const std::function<void(const std::string&)>& told)
      : journal_(journal), model_(model), follows_(follows), told_(told) {}

  Checked run() {
    const auto alone = [&](const auto& one) {
      try {
        one();
      } catch (const JournalDiffers& differs) {
        add(differs.what());
      } catch (const ModelDiffers& differs) {
        add(differs.what());
      }
    };
    alone([&] { read_entries(); });
    alone([&] { compare_tree(); });
    std::unique_ptr<reporting::ControlFold> controls;
    alone([&] {
      RowsOf rows(model_, event::control_stream);
      controls = replay_controls(journal_, plans_, [&](const readmodel::Step& step) { compare(step, rows); });
      ++checked_.streams;
    });
    if (controls == nullptr) return std::move(checked_);
    std::set<std::string> provinces;
    for (const auto& [round, plan] : controls->published().plans) {
      for (const auto& unit : plan->units.all()) {
        const bool followed = unit.level == catalogue::Level::Province && follows_.has(event::parse_stream(unit.code).value());
        if (followed) provinces.insert(unit.code);
      }
    }
    for (const auto& code : provinces) alone([&] { province(code, *controls); });
    return std::move(checked_);
  }

 private:
  void add(std::string sentence) {
    told_(sentence);
    checked_.wrong.push_back(std::move(sentence));
  }

  // Every entry's outcome has the hash that its leaf says.
  void read_entries() {
    for (event::Offset next = 0; next < journal_.end(event::ledger_stream);) {
      for (const auto& entry : journal_.read(event::ledger_stream, next, rows_at_once, bytes_at_once)) {
        const auto decoded = event::decode_ledger_entry(entry.bytes);
        if (!decoded) throw JournalDiffers({{event::ledger_stream, entry.offset}, decoded.error(), entry.offset});
        next = entry.offset + 1;
        ++checked_.ledger_entries;
      }
    }
    ledger_ = read_ledger(journal_);
  }

  // The tree as far as the read model has seen the ledger; where it went on meanwhile, tiles begin as they should.
  void compare_tree() {
    const auto seen = std::min<std::size_t>(model_.next(event::ledger_stream), ledger_.leaves.size());
    readmodel::grow_tree(0, std::span(ledger_.leaves).first(seen), {}, [&](unsigned level, std::uint64_t index, std::string_view hashes) {
      if (model_.tile(level, index).starts_with(hashes)) return;
      throw ModelDiffers(fmt::format("ledger: the read model has another {} than follows from the journal", audit::path_of({level, index, hashes.size() / audit::hash_bytes})));
    });
  }

  void compare(const readmodel::Step& step, RowsOf& rows) {
    const auto offset = step.folded.leaf.offset;
    const auto& published = ledger_.of(step.folded.leaf.stream);
    const auto* entry = offset < published.size() ? &published[offset] : nullptr;
    if (entry != nullptr) require_published(journal_, step, *entry);
    rows.compare(step, entry);
    ++checked_.records;
  }

  void province(const std::string& code, const reporting::ControlFold& controls) {
    ProvinceReplay replay(journal_, code, plans_, controls, ledger_);
    RowsOf rows(model_, replay.stream());
    std::uint64_t records = 0;
    replay.run(
        [&] {
          checked_.records -= std::exchange(records, 0);
          rows.begin();
        },
        [&](const readmodel::Step& step) {
          compare(step, rows);
          ++records;
        });
    // A model that is behind, or was ahead when the fold ended, has other facts and results than the end of the stream.
    if (rows.until() == records && model_.next(replay.stream()) == records) {
      try {
        compare_results(replay);
        compare_facts(replay);
        compare_submissions(replay);
        compare_latest(replay);
      } catch (const ModelDiffers&) {
        // Unless it went on meanwhile.
        if (model_.next(replay.stream()) == records) throw;
      }
    }
    ++checked_.streams;
    told_(fmt::format("{}: {} records", code, records));
  }

  void compare_results(const ProvinceReplay& replay) {
    const auto kept = model_.results(replay.stream(), model_.next(replay.stream()));
    if (kept.rows() != replay.results().rows()) throw ModelDiffers(event::to_string(replay.stream()) + ": the read model has other results than follow from the journal");
    checked_.results += kept.rows().size();
  }

  void compare_facts(const ProvinceReplay& replay) {
    for (const auto& round : replay.store().rounds()) {
      auto expected = replay.store().versions(round);
      // By id, the newest version first, as the read model gives them.
      std::ranges::reverse(expected);
      std::map<base::Uuid, std::vector<const reporting::FactVersion*>> by_id;
      for (const auto& version : expected) by_id[version.id].push_back(&version);
      std::size_t seen = 0;
      const auto differs = [&](const std::string& fact) {
        return ModelDiffers(fmt::format("{}: the read model has another fact {} than follows from the journal", event::to_string(replay.stream()), fact));
      };
      model_.each_fact(replay.stream(), round, {}, [&](std::span<const reporting::FactVersion> versions) {
        const auto found = by_id.find(versions.front().id);
        const bool fits = found != by_id.end() && std::ranges::equal(found->second, versions, [](const auto* a, const auto& b) { return same(*a, b); });
        if (!fits) throw differs(versions.front().id.to_string());
        seen += versions.size();
        return true;
      });
      if (seen != expected.size()) throw differs(fmt::format("missing: {} versions of {}", seen, expected.size()));
      checked_.facts += seen;
    }
  }

  void compare_submissions(const ProvinceReplay& replay) {
    for (const auto& [id, offset] : replay.store().firsts()) {
      const auto kept = model_.submissions(id);
      if (std::ranges::find(kept, event::Position{replay.stream(), offset}) == kept.end()) {
        throw ModelDiffers(fmt::format("{}:{}: the read model has another place of the submission {} than follows from the journal",
                                       event::to_string(replay.stream()), offset, id.to_string()));
      }
    }
  }

  // Of each cell the fact that counts.
  void compare_latest(const ProvinceReplay& replay) {
    const auto kept = model_.stream(replay.stream(), body_of(journal_, replay.stream()));
    auto before = std::tuple(std::string_view(), catalogue::none, std::string_view(), std::uint32_t{0});
    replay.store().for_each_latest([&](const scoring::LatestCell& cell, const scoring::Latest& fact) {
      const auto place = std::tuple(cell.round, cell.term, cell.owner, cell.cell);
      if (std::exchange(before, place) == place) return;
      if (kept->newest(cell) != fact) {
        throw ModelDiffers(fmt::format("{}: the read model has another latest value of {} than follows from the journal",
                                       event::to_string(replay.stream()), cell.owner));
      }
    });
  }

  journal::Journal& journal_;
  readmodel::ReadModel& model_;
  const Follows& follows_;
  const std::function<void(const std::string&)>& told_;
  const std::shared_ptr<reporting::Plans> plans_ = std::make_shared<reporting::Plans>();
  WholeLedger ledger_;
  Checked checked_;
};

}  // namespace

Checked check(journal::Journal& journal, readmodel::ReadModel& model, const Follows& follows, const std::function<void(const std::string& line)>& told) {
  return Checking(journal, model, follows, told).run();
}

}  // namespace tamroi::projection
