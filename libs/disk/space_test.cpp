#include "disk/space.h"

#include <catch2/catch_test_macros.hpp>

#include "support/temporary_directory.h"

namespace tamroi::disk {
namespace {

using namespace std::chrono_literals;
using Time = std::chrono::steady_clock::time_point;

TEST_CASE("a file system says how large it is, and that of no directory nothing") {
  const support::TemporaryDirectory directory;
  const auto space = space_of(directory.path());
  CHECK(space.size_bytes > 0);
  CHECK(space.free_bytes <= space.size_bytes);
  CHECK_THROWS_AS(space_of(directory.path() + "/none"), std::system_error);
}

TEST_CASE("a reserve is reached where less is free, or where that cannot be known") {
  const support::TemporaryDirectory directory;
  CHECK_FALSE(Reserve(directory.path(), 0).reached(Time(1s)));
  CHECK_FALSE(Reserve(directory.path(), 1).reached(Time(1s)));
  CHECK(Reserve(directory.path(), UINT64_MAX).reached(Time(1s)));
  CHECK(Reserve(directory.path() + "/none", 1).reached(Time(1s)));
}

TEST_CASE("a reserve is looked at once a second") {
  support::TemporaryDirectory directory;
  const auto within = std::filesystem::path(directory.path()) / "within";
  Reserve reserve(within, 1);
  CHECK(reserve.reached(Time(1s)));
  std::filesystem::create_directory(within);
  CHECK(reserve.reached(Time(1900ms)));
  CHECK_FALSE(reserve.reached(Time(2s)));
}

}  // namespace
}  // namespace tamroi::disk
