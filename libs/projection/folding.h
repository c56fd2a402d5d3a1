#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "base/json.h"
#include "event/record.h"
#include "journal/journal.h"
#include "readmodel/read_model.h"

namespace tamroi::projection {

// What readers and the ledger want of a record that was folded. `body` is the record's; nothing where it is not JSON.
[[nodiscard]] readmodel::Step concluded(const journal::Entry& entry, const event::Record& record, base::JsonValue body, event::Outcome outcome);
// The same of a record of the control stream, which is parsed for it.
[[nodiscard]] readmodel::Step concluded_control(const journal::Entry& entry, const event::Record& record, event::Outcome outcome);
// The same of bytes that no fold could take: kind and id of the leaf are zero.
[[nodiscard]] readmodel::Step passed(const journal::Entry& entry, event::Outcome outcome);

// The fold of one province's stream with the results that it published: what becomes of each record.
//
// Errors: step throws Defect on a record that cannot be folded, or a gap before it; load a new one then.
class ProvinceFolding {
 public:
  // `published` gives the outcome's bytes that the ledger has of an offset of the stream, if it has them: asked for while
  // an earlier version of the fold counts.
  using AskPublished = std::function<std::optional<std::string>(event::Offset)>;
  ProvinceFolding(std::string province, std::shared_ptr<reporting::Plans> plans, reporting::Store& store, AskPublished published);

  // Nothing while what an earlier version concluded is not published yet: then nothing was done.
  [[nodiscard]] std::optional<readmodel::Step> step(const journal::Entry& entry);
  // For a record that a quarantine names.
  [[nodiscard]] readmodel::Step pass(const journal::Entry& entry);
  // Goes on where a saved one stopped.
  void resume(event::Offset next, reporting::CurrentResults results);

  [[nodiscard]] event::Offset next() const { return next_; }
  [[nodiscard]] const reporting::CurrentResults& results() const { return results_; }
  // Results that this version has otherwise than the earlier one that counts, by their keys, with the first record that
  // they differ after.
  [[nodiscard]] const std::map<std::string, event::Offset>& parted() const { return parted_; }
  // This version's row of such a result; an empty one where it has none.
  [[nodiscard]] event::HistoryRow own_row(const std::string& key) const {
    const auto found = own_.find(key);
    return found == own_.end() ? event::HistoryRow{} : found->second;
  }
  [[nodiscard]] reporting::ProvinceFold& fold() { return fold_; }
  [[nodiscard]] const reporting::ProvinceFold& fold() const { return fold_; }

 private:
  [[nodiscard]] readmodel::Step publish(readmodel::Step step, event::Kind kind);
  [[nodiscard]] readmodel::Step as_published(const journal::Entry& entry, const event::Record& record, std::string bytes);
  void note_parted(const std::vector<event::HistoryRow>& own, const std::vector<event::HistoryRow>& published);

  reporting::ProvinceFold fold_;
  reporting::CurrentResults results_;
  const AskPublished published_;
  std::map<std::string, event::HistoryRow> own_;  // this version's newest rows, while an earlier one counts
  std::map<std::string, event::Offset> parted_;
  event::Offset next_ = 0;
};

// Gives the body of a record of the stream.
[[nodiscard]] std::function<std::string(event::Offset)> body_of(journal::Journal& journal, event::Stream stream);

}  // namespace tamroi::projection
