#include "cli/delivery.h"

#include <catch2/catch_test_macros.hpp>

using std::chrono::milliseconds;
using tamroi::cli::BatchSize;

TEST_CASE("more is sent together while the answer is quick, within what the server takes") {
  BatchSize size;
  CHECK(size.lines() == 100);
  size.took(100, milliseconds(10));
  CHECK(size.lines() == 200);
  for (int i = 0; i < 20; ++i) size.took(size.lines(), milliseconds(10));
  CHECK(size.lines() == 10'000);
}

TEST_CASE("a batch that was not full says nothing") {
  BatchSize size;
  size.took(99, milliseconds(10));
  CHECK(size.lines() == 100);
}

TEST_CASE("less is sent together where the answer takes long, but never a single line") {
  BatchSize size;
  size.took(100, milliseconds(500));
  CHECK(size.lines() == 100);
  for (int i = 0; i < 20; ++i) size.took(size.lines(), milliseconds(1001));
  CHECK(size.lines() == 10);
}
