#include "base/text_arena.h"

#include <catch2/catch_test_macros.hpp>

#include <string>

namespace tamroi::base {
namespace {

TEST_CASE("an arena keeps texts of any length where they are", "[base]") {
  TextArena arena(16);
  std::vector<std::string_view> kept;
  std::vector<std::string> expected;
  for (std::size_t size = 0; size < 40; ++size) {
    const std::string first(size, static_cast<char>('a' + size % 26));
    const std::string second(size % 3, '-');
    kept.push_back(arena.keep({first, second}));
    expected.push_back(first + second);
  }
  for (std::size_t i = 0; i < kept.size(); ++i) CHECK(kept[i] == expected[i]);
  arena.clear();
  CHECK(arena.keep({"again"}) == "again");
}

}  // namespace
}  // namespace tamroi::base
