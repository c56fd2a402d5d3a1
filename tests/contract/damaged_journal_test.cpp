// What an embedded journal says of files that were changed, cut or removed behind its back.

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/matchers/catch_matchers_exception.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <rocksdb/db.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <random>

#include "journal/journal.h"
#include "support/files.h"
#include "support/temporary_directory.h"

namespace tamroi::contract {
namespace {

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::MessageMatches;
using journal::append_and_wait;
using journal::JournalDamaged;
using journal::open_rocksdb_journal;

constexpr event::Stream nan{55};
constexpr std::size_t records = 300;
constexpr std::size_t no_limit = std::size_t{1} << 30;

// Of bytes that nothing can compress, so that tables have blocks.
void fill(const std::string& directory) {
  const auto journal = open_rocksdb_journal(directory);
  std::mt19937 chance(1);
  for (std::size_t i = 0; i < records; ++i) {
    std::string bytes(1000, '\0');
    for (char& byte : bytes) byte = static_cast<char>(chance());
    append_and_wait(*journal, {nan, {}, {7}, bytes});
  }
}

std::filesystem::path file_of(const std::string& directory, std::string_view ending) {
  for (const auto& file : std::filesystem::directory_iterator(directory)) {
    if (file.path().string().ends_with(ending) && file.file_size() > 0) return file.path();
  }
  throw std::runtime_error("no such file");
}

void flip_bit(const std::filesystem::path& file, std::size_t at) {
  std::string bytes = support::read_file(file);
  bytes.at(at) = static_cast<char>(bytes.at(at) ^ 0x10);
  std::ofstream(file, std::ios::binary) << bytes;
}

void check_refused(const std::string& directory, const std::string& why) {
  CHECK_THROWS_MATCHES(open_rocksdb_journal(directory), JournalDamaged,
                       MessageMatches(ContainsSubstring(why) && ContainsSubstring(directory) && ContainsSubstring("Restore a backup")));
}

}  // namespace

TEST_CASE("a table that is gone, or cut, is told at the opening") {
  const support::TemporaryDirectory directory;
  fill(directory.path());
  const auto table = file_of(directory.path(), ".sst");
  SECTION("gone") { std::filesystem::remove(table); }
  SECTION("cut") { std::filesystem::resize_file(table, std::filesystem::file_size(table) - 1); }
  SECTION("emptied") { std::filesystem::resize_file(table, 0); }
  check_refused(directory.path(), "Corruption");
}

TEST_CASE("where the file is gone that names all others, these are left as they are") {
  const support::TemporaryDirectory directory;
  fill(directory.path());
  const auto current = std::filesystem::path(directory.path()) / "CURRENT";
  const auto name = support::read_file(current);
  std::filesystem::remove(current);
  check_refused(directory.path(), "CURRENT is missing");
  check_refused(directory.path(), "CURRENT is missing");
  std::ofstream(current, std::ios::binary) << name;
  CHECK(open_rocksdb_journal(directory.path())->end(nan) == records);
  std::filesystem::remove(file_of(directory.path(), support::read_file(current).substr(0, name.size() - 1)));
  check_refused(directory.path(), "MANIFEST");
}

TEST_CASE("a flipped bit anywhere in a table is told at the opening or at the reading, and never given as a record") {
  const support::TemporaryDirectory directory;
  fill(directory.path());
  const auto table = file_of(directory.path(), ".sst");
  const auto sound = support::read_file(table);
  std::vector<journal::Entry> before = open_rocksdb_journal(directory.path())->read(nan, 0, no_limit, no_limit);
  std::size_t told = 0;
  std::size_t flips = 0;
  for (std::size_t at = 7; at < sound.size(); at += sound.size() / 60, ++flips) {
    flip_bit(table, at);
    try {
      const auto journal = open_rocksdb_journal(directory.path());
      const auto entries = journal->read(nan, 0, no_limit, no_limit);
      // Padding and what only speeds reading up: nothing differs.
      REQUIRE(entries.size() == before.size());
      for (std::size_t i = 0; i < entries.size(); ++i) REQUIRE(entries[i].bytes == before[i].bytes);
    } catch (const JournalDamaged& damage) {
      CHECK_THAT(damage.what(), ContainsSubstring("Corruption"));
      ++told;
    }
    std::ofstream(table, std::ios::binary) << sound;
  }
  CHECK(told > flips * 9 / 10);
  CHECK(open_rocksdb_journal(directory.path())->read(nan, 0, no_limit, no_limit).size() == records);
}

TEST_CASE("rows that are missing in the middle are told at the opening") {
  const support::TemporaryDirectory directory;
  rocksdb::Options options;
  options.create_if_missing = true;
  rocksdb::DB* opened = nullptr;
  REQUIRE(rocksdb::DB::Open(options, directory.path(), &opened).ok());
  const std::unique_ptr<rocksdb::DB> database(opened);
  for (const char offset : {'\0', '\1', '\3'}) {
    const std::string key = std::string("\0\x37\0\0\0\0\0\0\0", 9) + offset;
    REQUIRE(database->Put({}, key, "12345678record").ok());
  }
  REQUIRE(database->Close().ok());
  check_refused(directory.path(), "it has 3 records where its streams have 4");
}

}  // namespace tamroi::contract
