#include "projection/rebuild.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <thread>
#include <tuple>

#include <fmt/format.h>

#include "projection/shared_plans.h"

namespace tamroi::projection {
namespace {

constexpr std::uint64_t records_between_looks = 64;
constexpr std::size_t streams_ahead = 6;  // that are expected while others are folded

std::vector<readmodel::Published> as_rows(const std::vector<PublishedEntry>& entries) {
  std::vector<readmodel::Published> rows;
  rows.reserve(entries.size());
  for (const auto& [index, leaf] : entries) rows.push_back({index, leaf.outcome_sha256});
  return rows;
}

// The provinces of all published catalogues, those with the longest streams first: the last thread to end has little left.
std::vector<std::string> provinces_of(journal::Journal& journal, const reporting::ControlFold& controls, const Follows& follows) {
  std::map<std::string, event::Offset> ends;
  for (const auto& [round, plan] : controls.published().plans) {
    for (const auto& unit : plan->units.all()) {
      if (unit.level != catalogue::Level::Province) continue;
      const auto stream = event::parse_stream(unit.code).value();
      if (follows.has(stream)) ends[unit.code] = journal.end(stream);
    }
  }
  std::vector<std::string> codes;
  for (const auto& [code, end] : ends) codes.push_back(code);
  std::ranges::sort(codes, std::ranges::greater{}, [&](const auto& code) { return std::pair(ends.at(code), code); });
  return codes;
}

std::vector<Parted> parted_of(const ProvinceReplay& replay) {
  std::vector<Parted> all;
  for (const auto& [key, since] : replay.folding().parted()) {
    auto& one = all.emplace_back();
    if (const auto kept = replay.results().rows().find(key); kept != replay.results().rows().end()) {
      one.published = event::decode_history_row(kept->second).value();
    }
    one.own = replay.folding().own_row(key);
    one.since = {replay.stream(), since};
  }
  return all;
}

class Rebuilding {
 public:
  Rebuilding(journal::Journal& journal, readmodel::Build& build, const RebuildWishes& wishes, const std::function<void(const std::string&)>& told)
      : journal_(journal), build_(build), wishes_(wishes), told_(told), progress_(wishes.progress != nullptr ? *wishes.progress : own_progress_) {}

  RebuildTotals run() {
    ledger_ = read_ledger(journal_);
    auto tables = build_.stream(event::control_stream, ledger_.until);
    std::uint64_t records = 0;
    controls_ = replay_controls(journal_, plans_, [&](const readmodel::Step& step) {
      static_cast<void>(compare(step, ledger_.of(event::control_stream)));
      // Their outcomes are read here also when the ledger has them.
      tables->add(step, false);
      ++records;
    });
    tables->finish(as_rows(ledger_.of(event::control_stream)), nullptr, nullptr);
    totals_.records += records;
    codes_ = provinces_of(journal_, *controls_, wishes_.follows);
    fold_all(wishes_.threads);
    if (failure_) std::rethrow_exception(failure_);
    std::vector<event::Stream> streams{event::control_stream};
    for (const auto& code : codes_) streams.push_back(event::parse_stream(code).value());
    totals_.streams = streams.size();
    event::Offset until = ledger_.until;
    for (const auto stream : streams) until = std::min(until, build_.finished(stream).value());
    std::ranges::sort(totals_.parted, {}, [](const auto& one) { return std::tuple(one.since.stream.code, one.own.round, one.own.unit, one.own.indicator); });
    build_.finish(streams, std::span(ledger_.leaves).first(until));
    return std::move(totals_);
  }

 private:
  void fold_all(std::size_t threads) {
    std::vector<std::jthread> running;
    for (std::size_t i = 0; i < streams_ahead; ++i) expect(i);
    for (std::size_t i = 0; i < std::max<std::size_t>(threads, 1); ++i) {
      running.emplace_back([this] {
        for (auto place = next_code_++; place < codes_.size() && !failed_; place = next_code_++) {
          expect(place + streams_ahead);
          fold(codes_[place]);
        }
      });
    }
  }

  void expect(std::size_t place) {
    if (place >= codes_.size()) return;
    const auto stream = event::parse_stream(codes_[place]).value();
    if (!build_.finished(stream)) journal_.expect(stream);
  }

  void fold(const std::string& code) {
    try {
      fold_one(code);
    } catch (const JournalDiffers& differs) {
      const std::scoped_lock lock(mutex_);
      failed_ = true;
      const auto index = differs.difference().ledger_index.value_or(UINT64_MAX);
      if (failure_ && index >= failure_index_) return;
      failure_ = std::current_exception();
      failure_index_ = index;
    } catch (...) {
      const std::scoped_lock lock(mutex_);
      failed_ = true;
      if (!failure_) failure_ = std::current_exception();
    }
  }

  void fold_one(const std::string& code) {
    const auto stream = event::parse_stream(code).value();
    if (build_.finished(stream)) {
      const std::scoped_lock lock(mutex_);
      ++totals_.taken_over;
      ++progress_.streams;
      return told_(code + ": was finished before");
    }
    const auto& published = ledger_.of(stream);
    ProvinceReplay replay(journal_, code, plans_, *controls_, ledger_);
    std::unique_ptr<readmodel::StreamTables> tables;
    std::uint64_t records = 0;
    std::uint64_t compared = 0;
    replay.run(
        [&] {
          tables.reset();
          tables = build_.stream(stream, ledger_.until);
          records = compared = 0;
        },
        [&](const readmodel::Step& step) {
          const bool was_published = compare(step, published);
          tables->add(step, was_published);
          count(++records);
          compared += was_published ? 1 : 0;
        });
    if (published.size() > records) {
      throw JournalDiffers({{stream, records}, fmt::format("the ledger has an entry of it, and the journal ends before it"), published[records].index});
    }
    tables->finish(as_rows(published), &replay.fold(), &replay.store());
    const auto digest = replay.results().digest();
    auto parted = parted_of(replay);
    const std::scoped_lock lock(mutex_);
    totals_.records += records;
    totals_.compared += compared;
    totals_.facts += replay.store().size();
    totals_.digests[code] = digest;
    ++progress_.streams;
    std::ranges::move(parted, std::back_inserter(totals_.parted));
    told_(fmt::format("{}: {} records, {} facts, results {}", code, records, replay.store().size(), base::to_hex(digest)));
  }

  void count(std::uint64_t records) {
    if (records % records_between_looks != 0) return;
    progress_.records += records_between_looks;
    if (progress_.stopped) throw RebuildStopped();
  }

  // Whether the ledger has it.
  bool compare(const readmodel::Step& step, const std::vector<PublishedEntry>& published) {
    const auto offset = step.folded.leaf.offset;
    if (offset >= published.size()) return false;
    require_published(journal_, step, published[offset]);
    return true;
  }

  journal::Journal& journal_;
  readmodel::Build& build_;
  const RebuildWishes& wishes_;
  const std::function<void(const std::string&)>& told_;
  RebuildProgress own_progress_;
  RebuildProgress& progress_;
  const std::shared_ptr<reporting::Plans> plans_ = std::make_shared<SharedPlans>();
  WholeLedger ledger_;
  std::unique_ptr<reporting::ControlFold> controls_;
  std::vector<std::string> codes_;
  std::atomic<std::size_t> next_code_ = 0;
  std::atomic<bool> failed_ = false;
  std::mutex mutex_;
  RebuildTotals totals_;
  std::exception_ptr failure_;
  event::Offset failure_index_ = UINT64_MAX;
};

}  // namespace

RebuildTotals rebuild(journal::Journal& journal, readmodel::Build& build, const RebuildWishes& wishes,
                      const std::function<void(const std::string& line)>& told) {
  return Rebuilding(journal, build, wishes, told).run();
}

}  // namespace tamroi::projection
