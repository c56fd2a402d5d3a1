#include "cli/progress.h"

#include <sstream>

#include <catch2/catch_test_macros.hpp>

using namespace tamroi::cli;
using std::chrono::seconds;

TEST_CASE("the bar is filled as far as the work is done") {
  CHECK(bar_text(80, 0, 4, seconds(0), "") == "[........................................] 0 of 4");
  CHECK(bar_text(80, 1, 4, seconds(12), "") == "[##########..............................] 1 of 4, 12 s left");
  CHECK(bar_text(80, 4, 4, seconds(0), "1 rejected") ==
        "[########################################] 4 of 4, 1 rejected");
  CHECK(bar_text(80, 2, 4, seconds(600), "").ends_with("2 of 4, 10 min left"));
}

TEST_CASE("the bar never takes the whole width, and gives way to its words") {
  for (std::size_t columns = 1; columns < 60; ++columns) {
    const auto bar = bar_text(columns, 3, 9, seconds(5), "");
    CHECK((bar == "3 of 9, 5 s left" || bar.size() < columns));
  }
}

TEST_CASE("there is no bar where nobody looks, and none for one step") {
  std::ostringstream file;
  {
    Progress(file, {}, 10).show(1, "");
  }
  {
    Progress(file, {.terminal = true, .colour = false, .columns = 80}, 1).show(0, "");
  }
  CHECK(file.str().empty());
}

TEST_CASE("the bar is gone in the end") {
  std::ostringstream terminal;
  {
    Progress(terminal, {.terminal = true, .colour = false, .columns = 80}, 10).show(1, "");
  }
  CHECK(terminal.str().find("1 of 10") != std::string::npos);
  CHECK(terminal.str().ends_with("\r\x1b[K"));
}
