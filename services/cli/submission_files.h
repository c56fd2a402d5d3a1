#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cli/line_reader.h"
#include "cli/submissions.h"

namespace tamroi::cli {

// A submission where it was found.
struct FoundSubmission {
  std::string file;
  std::string body;
  std::size_t line = 1;     // where it begins
  bool on_one_line = true;  // and can hence be sent together with others
  bool too_long = false;    // its body was not kept

  [[nodiscard]] Posted posted() const { return {body, line}; }
  [[nodiscard]] std::string place() const;  // april.ndjson:17
};

// The submissions of files, one after the other. A file is one JSON document, or NDJSON with one on each line. A name
// that ends in .ndjson or .jsonl says which; otherwise a file whose first line is a document is NDJSON. What is wrong
// with a submission is left to the server.
//
// Errors: throws Misused where a file cannot be read or holds no submission: where it can be known, before the first
//         submission is given.
// Limits: holds one submission of at most submission_bytes_max at a time, however large a file is.
class SubmissionFiles {
 public:
  static constexpr std::size_t submission_bytes_max = std::size_t{2} << 20;  // twice what the server takes

  explicit SubmissionFiles(std::vector<std::string> names);

  [[nodiscard]] std::optional<FoundSubmission> next();
  // Whether next() would wait for somebody to write.
  [[nodiscard]] bool would_wait() const { return reader_ && reader_->would_wait(); }
  [[nodiscard]] std::uint64_t bytes_read() const { return bytes_before_ + (reader_ ? reader_->bytes() : 0); }
  // Of all files; nothing where one of them is no file of a known size.
  [[nodiscard]] std::optional<std::uint64_t> bytes_total() const { return bytes_total_; }

 private:
  [[nodiscard]] std::optional<FoundSubmission> next_line();
  // The rest of a file that is one document.
  void complete(FoundSubmission& document);

  std::vector<std::string> names_;
  std::size_t opened_ = 0;
  std::unique_ptr<LineReader> reader_;
  std::uint64_t bytes_before_ = 0;  // of the files before this one
  std::optional<std::uint64_t> bytes_total_;
};

}  // namespace tamroi::cli
