#include "setup/copy_journal.h"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_exception.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

namespace tamroi::setup {
namespace {

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::MessageMatches;

void ignore(const std::string&) {}

void append(journal::Journal& journal, event::Stream stream, std::string bytes, std::int64_t micros = 1'660'964'400'123'456) {
  journal::append_and_wait(journal, {stream, {}, {micros}, std::move(bytes)});
}

std::unique_ptr<journal::Journal> with_records() {
  auto journal = journal::make_memory_journal();
  for (int i = 0; i < 20'000; ++i) append(*journal, {24}, std::to_string(i), i * 1000);
  append(*journal, event::control_stream, "c");
  append(*journal, event::ledger_stream, "no entry of a ledger");
  return journal;
}

}  // namespace

TEST_CASE("a copy has every record at its offset, with its time, and a second one finds them there") {
  const auto from = with_records();
  const auto to = journal::make_memory_journal();
  const auto copied = copy_records(*from, *to, ignore);
  CHECK(copied.records == 20'002);
  CHECK(copied.streams == 3);
  CHECK(copied.found == 0);
  CHECK(to->streams() == from->streams());
  CHECK(to->read({24}, 19'999, 1, 0).at(0).bytes == "19999");
  CHECK(to->read({24}, 19'999, 1, 0).at(0).time.micros == 19'999'000);
  CHECK(copy_records(*from, *to, ignore).found == 20'002);
}

TEST_CASE("a copy that was interrupted goes on where it ended") {
  const auto from = with_records();
  const auto to = journal::make_memory_journal();
  for (int i = 0; i < 7; ++i) append(*to, {24}, std::to_string(i), i * 1000);
  CHECK(copy_records(*from, *to, ignore).found == 7);
  CHECK(to->end({24}) == 20'000);
}

TEST_CASE("what is there must be the beginning of what is copied") {
  const auto from = with_records();
  const auto another = journal::make_memory_journal();
  append(*another, {24}, "0", 0);
  append(*another, {24}, "another", 1000);
  CHECK_THROWS_MATCHES(copy_records(*from, *another, ignore), std::runtime_error, MessageMatches(ContainsSubstring("another record at offset 1")));
  const auto later = journal::make_memory_journal();
  append(*later, {24}, "0", 5000);
  CHECK_THROWS_MATCHES(copy_records(*from, *later, ignore), std::runtime_error, MessageMatches(ContainsSubstring("another record at offset 0")));
  const auto longer = journal::make_memory_journal();
  append(*longer, {25}, "x");
  CHECK_THROWS_MATCHES(copy_records(*from, *longer, ignore), std::runtime_error, MessageMatches(ContainsSubstring("Stream 25 of the target is longer")));
}

}  // namespace tamroi::setup
