#include "http/connection_caps.h"

#include <catch2/catch_test_macros.hpp>

namespace tamroi::http {
namespace {

using Verdict = ConnectionCaps::Verdict;

TEST_CASE("an address has its cap and all have theirs, and who leaves makes room") {
  ConnectionCaps caps;
  CHECK(caps.enter("a", 3, 2) == Verdict::Taken);
  CHECK(caps.enter("a", 3, 2) == Verdict::Taken);
  CHECK(caps.enter("a", 3, 2) == Verdict::TooManyOfAddress);
  CHECK(caps.enter("b", 3, 2) == Verdict::Taken);
  CHECK(caps.enter("c", 3, 2) == Verdict::TooManyInAll);
  CHECK_FALSE(caps.wait_until_empty(std::chrono::milliseconds(0)));
  caps.leave("a");
  CHECK(caps.enter("c", 3, 2) == Verdict::Taken);
  caps.leave("a");
  caps.leave("b");
  caps.leave("c");
  CHECK(caps.wait_until_empty(std::chrono::milliseconds(0)));
}

}  // namespace
}  // namespace tamroi::http
