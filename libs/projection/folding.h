#pragma once

#include <functional>
#include <memory>
#include <string>

#include "event/record.h"
#include "journal/journal.h"
#include "readmodel/read_model.h"

namespace tamroi::projection {

// What readers and the ledger want of a record that was folded.
[[nodiscard]] readmodel::Step concluded(const journal::Entry& entry, const event::Record& record, event::Outcome outcome);
// The same of bytes that no fold could take: kind and id of the leaf are zero.
[[nodiscard]] readmodel::Step passed(const journal::Entry& entry, event::Outcome outcome);

// The fold of one province's stream with the results that it published: what becomes of each record.
//
// Errors: step throws Defect on a record that cannot be folded, or a gap before it; load a new one then.
class ProvinceFolding {
 public:
  ProvinceFolding(std::string province, std::shared_ptr<reporting::Plans> plans, reporting::Store& store);

  [[nodiscard]] readmodel::Step step(const journal::Entry& entry);
  // For a record that a quarantine names.
  [[nodiscard]] readmodel::Step pass(const journal::Entry& entry);
  // Goes on where a saved one stopped.
  void resume(event::Offset next, reporting::CurrentResults results);

  [[nodiscard]] event::Offset next() const { return next_; }
  [[nodiscard]] const reporting::CurrentResults& results() const { return results_; }
  [[nodiscard]] reporting::ProvinceFold& fold() { return fold_; }
  [[nodiscard]] const reporting::ProvinceFold& fold() const { return fold_; }

 private:
  [[nodiscard]] readmodel::Step publish(readmodel::Step step, event::Kind kind);

  reporting::ProvinceFold fold_;
  reporting::CurrentResults results_;
  event::Offset next_ = 0;
};

// Gives the body of a record of the stream.
[[nodiscard]] std::function<std::string(event::Offset)> body_of(journal::Journal& journal, event::Stream stream);

inline constexpr std::size_t batch_records_max = 4096;
// Bounds how long readers of names wait for a batch to be folded.
inline constexpr std::size_t batch_bytes_max = std::size_t{16} << 20;

}  // namespace tamroi::projection
