#include "cli/line_reader.h"

#include <unistd.h>

#include <array>
#include <fstream>
#include <system_error>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include "support/temporary_directory.h"

using tamroi::cli::LineReader;

namespace {

std::vector<std::string> read(const std::string& text, std::size_t bytes_max = 1000) {
  const tamroi::support::TemporaryDirectory directory;
  const auto name = directory.path() + "/text";
  std::ofstream(name) << text;
  LineReader reader(name);
  std::vector<std::string> lines;
  for (std::string line; reader.next(line, bytes_max);) lines.push_back(line);
  CHECK(reader.bytes() == text.size());
  CHECK(reader.lines() == lines.size());
  return lines;
}

}  // namespace

TEST_CASE("lines come with their ends, the last one as it is") {
  CHECK(read("a\n\nb\r\nc") == std::vector<std::string>{"a\n", "\n", "b\r\n", "c"});
  CHECK(read("a\n") == std::vector<std::string>{"a\n"});
  CHECK(read("").empty());
}

TEST_CASE("lines longer than what is read at once are whole, or cut where they are too long") {
  const std::string big(1'000'000, 'x');
  CHECK(read(big + "\nb\n", 2'000'000) == std::vector<std::string>{big + "\n", "b\n"});
  CHECK(read(big + "\nb\n", 10) == std::vector<std::string>{"xxxxxxxxxx", "b\n"});
}

TEST_CASE("a file that is not there says so") {
  try {
    const LineReader reader("/nowhere");
    FAIL("it was opened");
  } catch (const std::system_error& error) {
    CHECK(std::string(error.what()).starts_with("/nowhere cannot be read: "));
  }
}

TEST_CASE("one waits for a pipe whose writer has said no whole line, and not for one that has ended") {
  std::array<int, 2> ends{};
  REQUIRE(pipe(ends.data()) == 0);
  LineReader reader("/dev/fd/" + std::to_string(ends[0]));
  close(ends[0]);
  CHECK(reader.would_wait());
  REQUIRE(write(ends[1], "a\nb\nc", 5) == 5);
  CHECK(!reader.would_wait());
  std::string line;
  REQUIRE(reader.next(line, 10));
  CHECK(!reader.would_wait());
  REQUIRE(reader.next(line, 10));
  CHECK(reader.would_wait());
  close(ends[1]);
  CHECK(!reader.would_wait());
  REQUIRE(reader.next(line, 10));
  CHECK(line == "c");
  CHECK(!reader.next(line, 10));
}
