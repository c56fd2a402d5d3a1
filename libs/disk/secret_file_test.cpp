#include "disk/secret_file.h"

#include <system_error>

#include <catch2/catch_test_macros.hpp>

#include "support/temporary_directory.h"

using namespace tamroi::disk;
namespace fs = std::filesystem;

TEST_CASE("a secret is its owner's alone, and is never written over") {
  const tamroi::support::TemporaryDirectory folder;
  const auto path = fs::path(folder.path()) / "key";
  write_new_secret(path, "secret\n");
  CHECK(read_secret(path) == "secret\n");
  CHECK(fs::status(path).permissions() == fs::perms(0600));
  CHECK_THROWS_AS(write_new_secret(path, "other\n"), std::system_error);
  CHECK(read_secret(path) == "secret\n");
  for (const int mode : {0640, 0604, 0620, 0602, 0610}) {
    fs::permissions(path, fs::perms(mode));
    CHECK_THROWS_AS(read_secret(path), std::system_error);
  }
  fs::permissions(path, fs::perms(0400));
  CHECK(read_secret(path) == "secret\n");
  CHECK_THROWS_AS(read_secret(folder.path()), std::system_error);
}

TEST_CASE("no two seeds are alike") { CHECK(random_seed() != random_seed()); }
