#include "setup/log_key.h"

#include <catch2/catch_test_macros.hpp>

#include "disk/files.h"
#include "support/temporary_directory.h"

namespace tamroi::setup {
namespace {

namespace fs = std::filesystem;

struct Place {
  support::TemporaryDirectory directory;
  Configuration configuration{.directory = directory.path()};
  const fs::path file = fs::path(directory.path()) / "log.key";
};

TEST_CASE_METHOD(Place, "a key is made once, for its owner alone, and is the one that is read") {
  CHECK_FALSE(read_log_key(configuration).known);
  const auto made = make_log_key(file, "kpi.example.go.th/log1");
  CHECK(made.name() == "kpi.example.go.th/log1");
  CHECK(fs::status(file).permissions() == (fs::perms::owner_read | fs::perms::owner_write));
  CHECK(read_log_key(configuration).secret->verifier().to_string() == made.to_string());
  CHECK_THROWS(make_log_key(file, "kpi.example.go.th/log1"));
  CHECK(read_log_key(configuration).known->to_string() == made.to_string());
}

TEST_CASE_METHOD(Place, "a key that others can read is refused") {
  static_cast<void>(make_log_key(file, "log"));
  for (const auto more : {fs::perms::group_read, fs::perms::others_read, fs::perms::group_write}) {
    fs::permissions(file, fs::perms::owner_read | fs::perms::owner_write | more);
    CHECK_THROWS(read_log_key(configuration));
  }
  fs::permissions(file, fs::perms::owner_read);
  CHECK_NOTHROW(read_log_key(configuration));
}

TEST_CASE_METHOD(Place, "a key of another log, another key than the one that is known, and what is no key are refused") {
  const auto made = make_log_key(file, "log-one");
  const auto other = make_log_key(fs::path(directory.path()) / "other.key", "log-one");
  configuration.origin = "log-two";
  CHECK_THROWS(read_log_key(configuration));
  configuration.origin = "log-one";
  configuration.public_key = other.to_string();
  CHECK_THROWS(read_log_key(configuration));
  configuration.public_key = made.to_string();
  CHECK_NOTHROW(read_log_key(configuration));
  disk::write_file(file, "PRIVATE+KEY+log-one\n", disk::Readers::Owner);
  CHECK_THROWS(read_log_key(configuration));
}

TEST_CASE_METHOD(Place, "where the secret key is not, the public one is known") {
  const auto other = make_log_key(fs::path(directory.path()) / "other.key", "log-one");
  configuration.public_key = other.to_string();
  const auto key = read_log_key(configuration);
  CHECK_FALSE(key.secret);
  CHECK(key.known->to_string() == other.to_string());
}

}  // namespace
}  // namespace tamroi::setup
