#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "event/record.h"
#include "reporting/control_fold.h"

namespace tamroi::golden {

// A record of the journal. They stand in the order in which the ledger has their outcomes.
struct Line {
  event::Stream stream;
  std::string bytes;
};

// Writes a journal as a small file (README.md): what follows from an earlier record is not written twice.
class JournalFile {
 public:
  JournalFile();
  void record(event::Stream stream, std::string_view bytes);
  // Copies of that control, which came before.
  void copy(event::Stream stream, const reporting::NumberedControl& control, base::Instant at);
  // The record of the stream at that offset, received again so many times, a second apart.
  void again(event::Stream stream, event::Offset offset, std::uint32_t times, base::Instant first_at);
  [[nodiscard]] const std::string& bytes() const { return bytes_; }

 private:
  std::string bytes_;
};

// Throws Defect on bytes that are no such file.
[[nodiscard]] std::vector<Line> read_journal_file(std::string_view bytes);

}  // namespace tamroi::golden
