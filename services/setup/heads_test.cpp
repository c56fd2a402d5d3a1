#include "setup/heads.h"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_exception.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <sstream>

#include "disk/files.h"
#include "support/temporary_directory.h"

namespace tamroi::setup {
namespace {

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::MessageMatches;

struct Place {
  support::TemporaryDirectory directory;
  std::filesystem::path file = std::filesystem::path(directory.path()) / "heads.json";
  std::ostringstream log_text;
  telemetry::Log log{{.out = &log_text}};
  std::unique_ptr<journal::Journal> journal = journal::make_memory_journal();

  void append(event::Stream stream, std::string bytes) { journal::append_and_wait(*journal, {stream, {}, {}, std::move(bytes)}); }
  void keep() { REQUIRE(Heads(file, *journal, log).write()); }
  void lose() { journal = journal::make_memory_journal(); }
  void check_refused(const std::string& why) {
    REQUIRE_THROWS_MATCHES(Heads(file, *journal, log), std::runtime_error, MessageMatches(ContainsSubstring(why) && ContainsSubstring(file.string())));
  }
};

}  // namespace

TEST_CASE("a journal that has all that its heads say, or more, is taken") {
  Place place;
  Heads heads(place.file, *place.journal, place.log);
  place.append({24}, "a");
  place.append(event::control_stream, "b");
  REQUIRE(heads.write());
  place.append({24}, "c");
  place.append({25}, "d");
  place.keep();
  CHECK(Heads(place.file, *place.journal, place.log).write());
  CHECK(place.log_text.str().empty());
}

TEST_CASE("a stream that ends before its head is named, with where it ended") {
  Place place;
  for (const char* bytes : {"a", "b", "c"}) place.append({24}, bytes);
  place.append({25}, "d");
  place.keep();
  place.lose();
  place.append({24}, "a");
  place.check_refused("stream 24 ends at offset 1, but ended at 3 before");
  place.append({24}, "b");
  place.append({24}, "c");
  place.check_refused("stream 25 ends at offset 0, but ended at 1 before");
  place.append({25}, "d");
  place.keep();
}

TEST_CASE("another record where a stream ended is named, also when more follow") {
  Place place;
  place.append({24}, "a");
  place.append({24}, "b");
  place.keep();
  place.lose();
  for (const char* bytes : {"a", "x", "c"}) place.append({24}, bytes);
  place.check_refused("stream 24 has another record at offset 1");
}

TEST_CASE("heads that cannot be read are refused, and where there are none they are made and told of") {
  Place place;
  place.append({24}, "a");
  for (const char* text : {"", "{", "[]", R"({"format":2,"streams":{}})", R"({"format":1})", R"({"format":1,"streams":{"24":{}}})",
                           R"({"format":1,"streams":{"x":{"end":1,"record_sha256":""}}})", R"({"format":1,"streams":{"24":{"end":0,"record_sha256":""}}})"}) {
    INFO(text);
    disk::write_file(place.file, text, disk::Readers::Owner);
    place.check_refused("cannot be read");
  }
  std::filesystem::remove(place.file);
  place.keep();
  CHECK_THAT(place.log_text.str(), ContainsSubstring("no heads to compare the journal with"));
  CHECK(disk::read_file(place.file) == R"({"format":1,"streams":{"24":{"end":1,"record_sha256":"ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb"}}})" "\n");
}

TEST_CASE("heads are written at the latest when they are stopped, and what cannot be written is told of") {
  Place place;
  {
    Heads heads(place.file, *place.journal, place.log);
    heads.start();
    place.append({24}, "a");
    heads.stop();
  }
  place.lose();
  place.check_refused("stream 24");
  place.append({24}, "a");
  Heads nowhere(place.directory.path() + "/none/heads.json", *place.journal, place.log);
  CHECK_FALSE(nowhere.write());
  CHECK_THAT(place.log_text.str(), ContainsSubstring("heads not written"));
}

}  // namespace tamroi::setup
