#pragma once

#include <atomic>
#include <memory>
#include <mutex>

#include "readmodel/read_model.h"

namespace tamroi::readmodel {

// The read model that is in use, which can be put in the place of another while it is read: a call that has begun ends
// with the one it began with, which is closed when the last has ended.
//
// Models of streams are of the one that was in use when they were made, and keep it. While none is in use, every call throws
// ReadModelUnavailable.
class SwitchedReadModel final : public ReadModel {
 public:
  explicit SwitchedReadModel(std::unique_ptr<ReadModel> first) { use(std::move(first)); }

  void use(std::unique_ptr<ReadModel> other);
  // Uses none any more, and waits until the one before is closed: whoever has a model of a stream must let go of it.
  void close();
  // Waits until those that were in use before are closed.
  void wait_for_one() const;
  [[nodiscard]] std::shared_ptr<ReadModel> used() const;

  std::unique_ptr<StreamModel> stream(event::Stream stream, std::function<std::string(event::Offset)> body) override;
  void commit_controls(std::span<const Step> steps) override { used()->commit_controls(steps); }
  event::Offset next(event::Stream stream) override { return used()->next(stream); }
  event::Offset published_next(event::Stream stream) override { return used()->published_next(stream); }
  void commit_ledger(std::span<const Seen> entries, event::Offset until, std::span<const audit::Hash> leaves) override {
    used()->commit_ledger(entries, until, leaves);
  }
  std::string tile(unsigned level, std::uint64_t index) override { return used()->tile(level, index); }
  Checkpoints checkpoints() override { return used()->checkpoints(); }
  void commit_checkpoints(event::Offset next, const Checkpoints& checkpoints) override { used()->commit_checkpoints(next, checkpoints); }
  std::optional<Published> published(event::Position position) override { return used()->published(position); }
  event::Offset compared_next(event::Stream stream) override { return used()->compared_next(stream); }
  void set_compared(event::Stream stream, event::Offset next) override { used()->set_compared(stream, next); }
  std::optional<Folded> folded(event::Position position) override { return used()->folded(position); }
  std::vector<Folded> folded(event::Stream stream, event::Offset from, std::size_t count_max, std::size_t bytes_max) override {
    return used()->folded(stream, from, count_max, bytes_max);
  }
  std::vector<event::Position> submissions(const base::Uuid& id) override { return used()->submissions(id); }
  void each_fact(event::Stream stream, std::string_view round, const base::Uuid& from, const VisitFact& visit) override {
    used()->each_fact(stream, round, from, visit);
  }
  std::vector<HistoryEntry> changes(event::Stream stream, std::string_view round, std::string_view unit, std::uint32_t indicator,
                                    event::Offset before, std::size_t count_max) override {
    return used()->changes(stream, round, unit, indicator, before, count_max);
  }
  std::vector<std::optional<event::HistoryRow>> rows(std::string_view round, std::span<const ResultAt> results, Figures figures) override {
    return used()->rows(round, results, figures);
  }
  std::optional<event::Leaf> leaf(event::Position position) override { return used()->leaf(position); }
  std::uint64_t version(event::Position at, std::string_view round, std::string_view unit) override { return used()->version(at, round, unit); }
  std::vector<event::Offset> rejected(event::Stream stream, std::string_view unit, event::Offset before, std::size_t count_max) override {
    return used()->rejected(stream, unit, before, count_max);
  }
  reporting::CurrentResults results(event::Stream stream, event::Offset before) override { return used()->results(stream, before); }
  std::optional<Digested> digest(event::Stream stream, event::Offset before) override { return used()->digest(stream, before); }
  void copy_to(const std::string& directory) override { used()->copy_to(directory); }
  Sizes sizes() override { return used()->sizes(); }

 private:
  // Until no more than that are open.
  void wait_for(int most) const;

  const std::shared_ptr<std::atomic<int>> open_ = std::make_shared<std::atomic<int>>(0);
  mutable std::mutex mutex_;
  std::shared_ptr<ReadModel> used_;
};

}  // namespace tamroi::readmodel
