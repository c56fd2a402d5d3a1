#include "http/turns.h"

#include "http/session.h"

#include <catch2/catch_test_macros.hpp>

namespace tamroi::http {
namespace {

// None of these sessions is there any more.
void join(Turns& turns, int times) {
  for (int i = 0; i < times; ++i) turns.join({});
}

TEST_CASE("a turn is called for once, and again only while somebody waits") {
  int calls = 0;
  Turns turns([&] { ++calls; });
  join(turns, 3);
  CHECK(calls == 1);
  turns.take();
  CHECK(calls == 1);
  join(turns, 1);
  CHECK(calls == 2);
}

TEST_CASE("many wait for more than one turn, between which the thread does other things") {
  int calls = 0;
  Turns turns([&] { ++calls; });
  join(turns, 100);
  int taken = 0;
  while (taken < calls) {
    turns.take();
    ++taken;
  }
  CHECK(taken == 4);
}

}  // namespace
}  // namespace tamroi::http
