#pragma once

#include <map>
#include <string>
#include <vector>

#include "golden/journal_file.h"
#include "readmodel/read_model.h"

namespace tamroi::golden {

// What a fold made of a journal.
struct Conclusions {
  std::vector<event::LedgerEntry> entries;  // one a record, in the journal's order
  std::map<event::Stream, std::vector<readmodel::Digested>> digests;
  std::map<event::Stream, base::Digest> results;  // of a province's stream at its end
};

// The provinces that the journal is about.
[[nodiscard]] const std::vector<std::string>& provinces();

// The pure fold: in memory, from the first record to the last.
[[nodiscard]] Conclusions fold(const std::vector<Line>& lines);

// As conclusions.txt has it (README.md).
[[nodiscard]] std::string told(const std::vector<Line>& lines, const Conclusions& conclusions);

}  // namespace tamroi::golden
