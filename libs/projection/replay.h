#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "journal/journal.h"
#include "projection/folding.h"
#include "readmodel/read_model.h"
#include "reporting/control_fold.h"
#include "reporting/memory_store.h"

// The journal folded from its beginning, beside what was published of it.
namespace tamroi::projection {

// A record of which something else was published than follows from it, or that cannot be folded.
struct Difference {
  event::Position position;
  std::string why;                            // a sentence
  std::optional<event::Offset> ledger_index;  // of what was published
};
class JournalDiffers : public std::runtime_error {
 public:
  explicit JournalDiffers(Difference difference);
  [[nodiscard]] const Difference& difference() const { return difference_; }

 private:
  Difference difference_;
};

// What the ledger says of each stream, its entries that count, from offset 0.
struct PublishedEntry {
  event::Offset index;
  event::Leaf leaf;
};
struct WholeLedger {
  std::map<event::Stream, std::vector<PublishedEntry>> entries;
  event::Offset until = 0;
  std::vector<audit::Hash> leaves;  // in the tree over it: of every entry
  [[nodiscard]] const std::vector<PublishedEntry>& of(event::Stream stream) const;
};
// Reads the ledger to its end. Throws JournalDiffers at an entry that is none.
[[nodiscard]] WholeLedger read_ledger(journal::Journal& journal);

// The control stream folded to its end; `visit` gets every step.
[[nodiscard]] std::unique_ptr<reporting::ControlFold> replay_controls(journal::Journal& journal, const std::shared_ptr<reporting::Plans>& plans,
                                                                      const std::function<void(const readmodel::Step&)>& visit);

// A province's stream folded to its end, all of it in memory; while an earlier version of the fold counts, as far as its
// outcomes are published.
class ProvinceReplay {
 public:
  // The references must outlive it.
  ProvinceReplay(journal::Journal& journal, std::string province, std::shared_ptr<reporting::Plans> plans, const reporting::ControlFold& controls,
                 const WholeLedger& ledger);

  // Steps through the stream once: `begin` is called before the first step, again where a record turns out to be one that
  // a quarantine names, then `visit` with every step anew. Throws JournalDiffers at a record that cannot be folded.
  void run(const std::function<void()>& begin, const std::function<void(const readmodel::Step&)>& visit);

  [[nodiscard]] event::Stream stream() const { return stream_; }
  [[nodiscard]] reporting::ProvinceFold& fold() { return folding_->fold(); }
  [[nodiscard]] const ProvinceFolding& folding() const { return *folding_; }
  [[nodiscard]] const reporting::MemoryStore& store() const { return *store_; }
  [[nodiscard]] const reporting::CurrentResults& results() const { return folding_->results(); }

 private:
  [[nodiscard]] std::optional<std::string> published(event::Offset offset) const;
  // False where a record is one to be passed, which was not known before.
  bool run_once(const std::function<void(const readmodel::Step&)>& visit);

  journal::Journal& journal_;
  const std::string province_;
  const event::Stream stream_;
  const std::shared_ptr<reporting::Plans> plans_;
  const reporting::ControlFold& controls_;
  const WholeLedger& ledger_;
  std::vector<event::Offset> passed_;
  std::unique_ptr<reporting::MemoryStore> store_;
  std::unique_ptr<ProvinceFolding> folding_;
};

// Throws JournalDiffers, with what differs, unless what was published of a record is what follows from it.
void require_published(journal::Journal& journal, const readmodel::Step& step, const PublishedEntry& published);

}  // namespace tamroi::projection
