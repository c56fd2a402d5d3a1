#include "access/access_log.h"

#include <fstream>

#include <catch2/catch_test_macros.hpp>
#include <fmt/format.h>

#include "support/temporary_directory.h"

using namespace tamroi;
using access::Access;
using access::AccessLog;
namespace fs = std::filesystem;

namespace {

constexpr std::chrono::seconds patience{120};

Access access_number(std::uint64_t number) {
  return {{static_cast<std::int64_t>(number) * 1'000'000}, {"auditor-1", "auditor", "TH"}, "facts", fmt::format("/facts?entity=\"{}\"\n", number), 200, "r1"};
}

struct Fixture {
  support::TemporaryDirectory directory;
  telemetry::Log log{{.least = telemetry::Severity::Error}};
  telemetry::Metrics metrics;
  const fs::path folder = fs::path(directory.path()) / "access";

  std::unique_ptr<AccessLog> opened(std::uint64_t file_bytes_max = 64'000'000, std::size_t waiting_max = 1'000'000) {
    return std::make_unique<AccessLog>(AccessLog::Options{folder, file_bytes_max, waiting_max}, log, metrics);
  }
  void note(AccessLog& opened, std::uint64_t from, std::uint64_t until) {
    for (auto number = from; number < until; ++number) REQUIRE(opened.note(access_number(number)));
    REQUIRE(opened.settle(patience));
  }
};

std::string bytes_of(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

void write(const fs::path& file, const std::string& bytes) { std::ofstream(file, std::ios::binary | std::ios::trunc) << bytes; }

}  // namespace

TEST_CASE_METHOD(Fixture, "what was noted is read back from any line on, across files and openings") {
  constexpr std::uint64_t lines = 3'000;
  for (std::uint64_t from = 0; from < lines; from += 1'000) {
    const auto opened = this->opened(30'000);
    note(*opened, from, from + 1'000);
    REQUIRE(opened->head().next == from + 1'000);
  }
  REQUIRE(access::files_of(folder).size() > 5);
  const auto opened = this->opened();
  for (const std::uint64_t from : {0, 1, 2, 255, 999, 1'000, 1'001, 2'345, 2'999}) {
    const auto read = opened->read(from, 7);
    REQUIRE(read.size() == std::min<std::uint64_t>(7, lines - from));
    for (std::size_t i = 0; i < read.size(); ++i) {
      const auto line = access::decode_line(read[i]);
      REQUIRE(line.has_value());
      CHECK(line->number == from + i);
      CHECK(line->access == access_number(from + i));
    }
  }
  CHECK(opened->read(lines, 1).empty());
  const auto chain = access::check_chain(folder);
  CHECK(chain.wrong.empty());
  CHECK(chain.lines == lines);
  CHECK(chain.sha256 == opened->head().sha256);
}

TEST_CASE_METHOD(Fixture, "a line that was changed, taken out, put in, swapped or cut is found") {
  note(*opened(), 0, 20);
  const auto file = access::file_at(folder, 0);
  const auto whole = bytes_of(file);
  std::vector<std::string> lines;
  for (std::size_t begin = 0; begin < whole.size();) {
    const auto end = whole.find('\n', begin) + 1;
    lines.push_back(whole.substr(begin, end - begin));
    begin = end;
  }
  const auto joined = [](const std::vector<std::string>& all) {
    std::string text;
    for (const auto& line : all) text += line;
    return text;
  };
  const auto is_found = [&](const std::string& damaged) {
    write(file, damaged);
    return !access::check_chain(folder).wrong.empty();
  };
  REQUIRE_FALSE(is_found(whole));
  for (std::size_t i = 0; i + 1 < lines.size(); ++i) {
    auto damaged = lines;
    damaged.erase(damaged.begin() + static_cast<std::ptrdiff_t>(i));
    CHECK(is_found(joined(damaged)));
    damaged = lines;
    damaged.insert(damaged.begin() + static_cast<std::ptrdiff_t>(i), lines[i]);
    CHECK(is_found(joined(damaged)));
    damaged = lines;
    std::swap(damaged[i], damaged[i + 1]);
    CHECK(is_found(joined(damaged)));
  }
  // But in the last line, to which nothing is chained yet, each byte counts.
  for (std::size_t at = 0; at + lines.back().size() < whole.size(); ++at) {
    auto damaged = whole;
    damaged[at] = static_cast<char>(damaged[at] ^ 1);
    CHECK(is_found(damaged));
  }
}

TEST_CASE_METHOD(Fixture, "a last line that was torn is cut, and the chain goes on") {
  note(*opened(), 0, 3);
  const auto file = access::file_at(folder, 0);
  const auto whole = bytes_of(file);
  const auto second = whole.find('\n') + 1;
  for (auto left = second; left <= whole.size(); left += 17) {
    write(file, whole.substr(0, left));
    {
      const auto opened = this->opened();
      note(*opened, 100, 102);
    }
    const auto chain = access::check_chain(folder);
    CHECK(chain.wrong.empty());
    CHECK(chain.lines == static_cast<std::uint64_t>(std::count(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(left), '\n')) + 2);
  }
}

TEST_CASE_METHOD(Fixture, "where nothing can be written, what was noted waits, then nothing more may be looked at, and none is lost") {
  const auto opened = this->opened(1, 10);
  note(*opened, 0, 2);  // a file each, so that the next line needs another
  const auto away = fs::path(directory.path()) / "away";
  fs::rename(folder, away);
  std::uint64_t noted = 0;
  while (noted < 100 && opened->note(access_number(2 + noted))) ++noted;
  CHECK(noted >= 10);
  CHECK(noted < 100);
  CHECK_FALSE(opened->settle(std::chrono::milliseconds(1)));
  fs::rename(away, folder);
  REQUIRE(opened->settle(patience));
  CHECK(opened->trouble().empty());
  CHECK(opened->head().next == 2 + noted);
  const auto chain = access::check_chain(folder);
  CHECK(chain.wrong.empty());
  CHECK(chain.lines == 2 + noted);
}
