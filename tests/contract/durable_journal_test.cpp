// What an implementation that outlives its process keeps besides.

#include <catch2/catch_test_macros.hpp>
#include <fmt/format.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/temporary_directory.h"
#include "journal/journal.h"

namespace tamroi::contract {
namespace {

using journal::append_and_wait;
using journal::open_rocksdb_journal;

constexpr event::Stream nan{55};
constexpr std::size_t no_limit = std::size_t{1} << 30;

journal::Append append_of(event::Stream stream, std::string bytes) { return {stream, {}, {7}, std::move(bytes)}; }

constexpr const char* directory_variable = "TAMROI_TEST_JOURNAL";
constexpr int pipe_in_child = 3;

// This program again, as the process to be killed. Between fork and exec only what a threaded process may call.
pid_t spawn_appender(const std::string& directory, int pipe_end) {
  setenv(directory_variable, directory.c_str(), 1);
  const pid_t child = fork();
  if (child != 0) return child;
  if (pipe_end != pipe_in_child) dup2(pipe_end, pipe_in_child);
  execl("/proc/self/exe", "appender", "[.appender]", static_cast<char*>(nullptr));
  _exit(1);
}

}  // namespace

TEST_CASE("a journal opened again has everything, and goes on where it ended") {
  const support::TemporaryDirectory directory;
  for (event::Offset round = 0; round < 4; ++round) {
    const auto journal = open_rocksdb_journal(directory.path());
    REQUIRE(journal->end(nan) == round * 3);
    for (event::Offset i = 0; i < 3; ++i) {
      REQUIRE(append_and_wait(*journal, append_of(nan, fmt::format("{}", round * 3 + i))) == round * 3 + i);
    }
    append_and_wait(*journal, append_of({static_cast<std::uint16_t>(round)}, "x"));
  }
  const auto journal = open_rocksdb_journal(directory.path());
  REQUIRE(journal->streams() == std::vector<event::Stream>{{0}, {1}, {2}, {3}, nan});
  const auto entries = journal->read(nan, 0, 100, no_limit);
  REQUIRE(entries.size() == 12);
  for (std::size_t i = 0; i < entries.size(); ++i) {
    REQUIRE(entries[i].bytes == fmt::format("{}", i));
    REQUIRE(entries[i].time.micros == 7);
  }
}

TEST_CASE("streams of the least and the greatest code are found again") {
  const support::TemporaryDirectory directory;
  const std::vector<event::Stream> streams{{0}, {65534}, {65535}};
  {
    const auto journal = open_rocksdb_journal(directory.path());
    for (const event::Stream stream : streams) append_and_wait(*journal, append_of(stream, "x"));
  }
  const auto journal = open_rocksdb_journal(directory.path());
  REQUIRE(journal->streams() == streams);
  REQUIRE(journal->end({65535}) == 1);
}

TEST_CASE("a journal that is open cannot be opened a second time") {
  const support::TemporaryDirectory directory;
  auto journal = open_rocksdb_journal(directory.path());
  try {
    static_cast<void>(open_rocksdb_journal(directory.path()));
    FAIL("opened twice");
  } catch (const journal::JournalUnavailable& unavailable) {
    REQUIRE(unavailable.code() == std::errc::device_or_resource_busy);
    REQUIRE(std::string(unavailable.what()).find("is open already") != std::string::npos);
  }
  append_and_wait(*journal, append_of(nan, "still open"));
  journal.reset();
  REQUIRE(open_rocksdb_journal(directory.path())->end(nan) == 1);
}

TEST_CASE("a place where no journal can be is refused") {
  REQUIRE_THROWS_AS(open_rocksdb_journal("/dev/null/journal"), journal::JournalUnavailable);
}

TEST_CASE("appends until it is killed, and tells the pipe of each record that is durable", "[.appender]") {
  const char* directory = getenv(directory_variable);
  REQUIRE(directory != nullptr);
  const auto journal = open_rocksdb_journal(directory);
  do {
    append_and_wait(*journal, append_of(nan, fmt::format("{}", journal->end(nan))));
  } while (write(pipe_in_child, "x", 1) == 1);
}

TEST_CASE("a killed process has lost nothing that it was told is durable") {
  const support::TemporaryDirectory directory;
  int ends[2];
  REQUIRE(pipe(ends) == 0);
  const pid_t child = spawn_appender(directory.path(), ends[1]);
  REQUIRE(child > 0);
  close(ends[1]);
  event::Offset durable = 0;
  for (char byte = 0; durable < 50 && read(ends[0], &byte, 1) == 1;) ++durable;
  kill(child, SIGKILL);
  for (char byte = 0; read(ends[0], &byte, 1) == 1;) ++durable;
  close(ends[0]);
  waitpid(child, nullptr, 0);
  REQUIRE(durable >= 50);

  const auto journal = open_rocksdb_journal(directory.path());
  REQUIRE(journal->end(nan) >= durable);
  const auto entries = journal->read(nan, 0, no_limit, no_limit);
  REQUIRE(entries.size() == journal->end(nan));
  for (std::size_t i = 0; i < entries.size(); ++i) REQUIRE(entries[i].bytes == fmt::format("{}", i));
}

}  // namespace tamroi::contract
