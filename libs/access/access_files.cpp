#include "access/access_files.h"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <fstream>
#include <optional>
#include <system_error>

#include <fmt/format.h>

namespace tamroi::access {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view ending = ".log";
constexpr std::size_t tail_bytes = 16 * 1024;

std::ifstream open(const fs::path& path) {
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  if (!file) throw std::system_error(errno, std::generic_category(), path.string());
  return file;
}

// A whole line; false at the end, and at a line that has none.
bool next_line(std::ifstream& file, std::string& line) { return std::getline(file, line) && !file.eof(); }

// The number that a line begins with, which is all that is needed to find one.
std::uint64_t number_in(std::string_view line) {
  constexpr std::string_view before = R"({"number":)";
  std::uint64_t number = 0;
  if (line.starts_with(before)) std::from_chars(line.data() + before.size(), line.data() + line.size(), number);
  return number;
}

// Places the file at the beginning of a line that is not behind `from`, and not far before it.
void seek_line(std::ifstream& file, std::uint64_t from) {
  file.seekg(0, std::ios::end);
  std::streamoff low = 0;
  std::streamoff high = file.tellg();
  std::string line;
  while (high - low > static_cast<std::streamoff>(tail_bytes)) {
    const auto middle = low + (high - low) / 2;
    file.clear();
    file.seekg(middle);
    std::getline(file, line);  // the rest of one
    const auto begins = file.tellg();
    if (!next_line(file, line) || number_in(line) > from || begins >= high) {
      high = middle;
    } else {
      low = begins;
    }
  }
  file.clear();
  file.seekg(low);
}

}  // namespace

fs::path file_at(const fs::path& folder, std::uint64_t first) { return folder / fmt::format("{:012}{}", first, ending); }

std::vector<LogFile> files_of(const fs::path& folder) {
  std::vector<LogFile> files;
  if (!fs::exists(folder)) return files;
  for (const auto& entry : fs::directory_iterator(folder)) {
    const auto name = entry.path().stem().string();
    std::uint64_t first = 0;
    const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), first);
    if (entry.path().extension() == ending && error == std::errc() && end == name.data() + name.size()) files.push_back({first, entry.path()});
  }
  std::ranges::sort(files, {}, &LogFile::first);
  return files;
}

FileEnd end_of(const LogFile& file, const Head& at) {
  auto in = open(file.path);
  in.seekg(0, std::ios::end);
  const auto size = static_cast<std::uint64_t>(in.tellg());
  // Back until the last whole line is in what was read.
  for (std::uint64_t taken = tail_bytes;; taken *= 2) {
    const auto begin = size > taken ? size - taken : 0;
    std::string tail(size - begin, '\0');
    in.clear();
    in.seekg(static_cast<std::streamoff>(begin));
    in.read(tail.data(), static_cast<std::streamsize>(tail.size()));
    const auto last = tail.rfind('\n');
    if (last == std::string::npos && begin == 0) return {0, at};
    const auto before = last == std::string::npos || last == 0 ? std::string::npos : tail.rfind('\n', last - 1);
    if (last == std::string::npos || (before == std::string::npos && begin > 0)) continue;
    const auto first = before == std::string::npos ? 0 : before + 1;
    const auto line = std::string_view(tail).substr(first, last - first);
    return {begin + last + 1, {number_in(line) + 1, base::sha256(line)}};
  }
}

std::vector<std::string> read_lines(const fs::path& folder, std::uint64_t from, std::size_t count) {
  std::vector<std::string> lines;
  const auto files = files_of(folder);
  auto file = std::ranges::upper_bound(files, from, {}, &LogFile::first);
  if (file != files.begin()) --file;
  for (; file != files.end() && lines.size() < count; ++file) {
    auto in = open(file->path);
    if (file->first < from) seek_line(in, from);
    for (std::string line; lines.size() < count && next_line(in, line);) {
      if (number_in(line) >= from) lines.push_back(line);
    }
  }
  return lines;
}

Chain check_chain(const fs::path& folder) {
  Chain chain;
  const auto files = files_of(folder);
  for (const auto& file : files) {
    auto in = open(file.path);
    if (file.first != chain.lines) {
      chain.wrong = fmt::format("The access log has no line {}: the next file is {}.", chain.lines, file.path.filename().string());
      return chain;
    }
    std::string line;
    for (; next_line(in, line); ++chain.lines) {
      const auto decoded = decode_line(line);
      std::string why;
      if (!decoded) {
        why = decoded.error();
      } else if (decoded->number != chain.lines) {
        why = fmt::format("it has the number {}", decoded->number);
      } else if (decoded->before != chain.sha256) {
        why = "the line before it is not the one that it was written after";
      }
      if (!why.empty()) {
        chain.wrong = fmt::format("Line {} of the access log, in {}: {}.", chain.lines, file.path.filename().string(), why);
        return chain;
      }
      chain.sha256 = base::sha256(line);
    }
    if (!line.empty() && &file != &files.back()) {
      chain.wrong = fmt::format("The access log's file {} ends within a line.", file.path.filename().string());
      return chain;
    }
  }
  return chain;
}

}  // namespace tamroi::access
