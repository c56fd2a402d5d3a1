#include "cli/submission_files.h"

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"
#include "cli/misused.h"

namespace tamroi::cli {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
constexpr auto line_bytes_max = SubmissionFiles::submission_bytes_max + 1;  // one more tells that it is too long

bool holds_lines(std::string_view name) { return name.ends_with(".ndjson") || name.ends_with(".jsonl"); }

// A file that is read twice is the same twice; a pipe is not.
bool holds_something(const std::string& name) {
  LineReader reader(name);
  std::string line;
  while (reader.next(line, line_bytes_max)) {
    if (line.size() == line_bytes_max || !base::is_blank(line)) return true;
  }
  return false;
}

void keep_short(FoundSubmission& found) {
  found.too_long = found.body.size() > SubmissionFiles::submission_bytes_max;
  if (found.too_long) found.body.clear();
}

FoundSubmission without_end(FoundSubmission found) {
  if (found.body.ends_with('\n')) found.body.pop_back();
  if (found.body.ends_with('\r')) found.body.pop_back();
  return found;
}

}  // namespace

std::string FoundSubmission::place() const { return fmt::format("{}:{}", file, line); }

SubmissionFiles::SubmissionFiles(std::vector<std::string> names) : names_(std::move(names)), bytes_total_(0) {
  for (const auto& name : names_) {
    std::error_code error;
    const auto kind = fs::status(name, error).type();
    if (name == "-" || (kind != fs::file_type::regular && kind != fs::file_type::directory && !error)) {
      bytes_total_.reset();
      continue;
    }
    if (error) throw Misused(fmt::format("{} cannot be read: {}; nothing was sent.", name, error.message()));
    if (kind == fs::file_type::directory) throw Misused(name + " is a folder; name its files.");
    try {
      if (!holds_something(name)) throw Misused(fmt::format("{} holds no submission; nothing was sent.", name));
      if (bytes_total_) *bytes_total_ += fs::file_size(name);
    } catch (const std::system_error& failure) {
      throw Misused(fmt::format("{}; nothing was sent.", failure.what()));
    }
  }
}

std::optional<FoundSubmission> SubmissionFiles::next() {
  while (true) {
    if (reader_) {
      if (auto found = next_line()) return without_end(std::move(*found));
      bytes_before_ += reader_->bytes();
      reader_.reset();
    }
    if (opened_ == names_.size()) return std::nullopt;
    reader_ = std::make_unique<LineReader>(names_[opened_++]);
    auto first = next_line();
    if (!first) throw Misused(fmt::format("{} holds no submission.", names_[opened_ - 1]));
    if (first->too_long || holds_lines(first->file) || base::Json().parse(first->body)) {
      return without_end(std::move(*first));
    }
    complete(*first);
    return first;
  }
}

std::optional<FoundSubmission> SubmissionFiles::next_line() {
  std::string line;
  do {
    if (!reader_->next(line, line_bytes_max)) return std::nullopt;
    if (reader_->lines() == 1 && line.starts_with(byte_order_mark)) line.erase(0, byte_order_mark.size());
  } while (line.size() < line_bytes_max && base::is_blank(line));
  FoundSubmission found{.file = names_[opened_ - 1], .body = std::move(line), .line = reader_->lines()};
  keep_short(found);
  return found;
}

void SubmissionFiles::complete(FoundSubmission& document) {
  document.on_one_line = false;
  std::string line;
  while (!document.too_long && reader_->next(line, line_bytes_max)) {
    document.body += line;
    keep_short(document);
  }
  bytes_before_ += reader_->bytes();
  reader_.reset();
}

}  // namespace tamroi::cli
