#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace tamroi::cli {

// The lines of a file or pipe, which is never held whole.
//
// Errors: throws std::system_error.
class LineReader {
 public:
  // Of "-" the standard input. `name` is also what errors speak of.
  explicit LineReader(const std::string& name);
  ~LineReader();
  LineReader(const LineReader&) = delete;
  LineReader& operator=(const LineReader&) = delete;

  // The next line with its end, if it has one; false at the end of the file. Of a line of more than `bytes_max` bytes
  // the rest is passed over.
  [[nodiscard]] bool next(std::string& line, std::size_t bytes_max);
  // Whether next() would wait for somebody to write.
  [[nodiscard]] bool would_wait() const;
  [[nodiscard]] std::size_t lines() const { return lines_; }  // given so far
  [[nodiscard]] std::uint64_t bytes() const { return bytes_; }

 private:
  [[nodiscard]] bool fill();

  std::string name_;
  int descriptor_;
  std::string buffer_;
  bool ended_ = false;
  std::size_t begin_ = 0;  // of what was not given yet
  std::size_t lines_ = 0;
  std::uint64_t bytes_ = 0;
};

}  // namespace tamroi::cli
