#include "cli/progress.h"

#include <sstream>

#include <catch2/catch_test_macros.hpp>

using namespace tamroi::cli;
using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;

TEST_CASE("the bar is filled as far as the work is done") {
  CHECK(bar_text(80, 0, 400, seconds(0), "") == "[........................................] 0 %");
  CHECK(bar_text(80, 100, 400, seconds(12), "") == "[##########..............................] 25 %, 12 s left");
  CHECK(bar_text(80, 400, 400, seconds(0), "1 rejected") ==
        "[########################################] 100 %, 1 rejected");
  CHECK(bar_text(80, 200, 400, seconds(600), "").ends_with("50 %, 10 min left"));
}

TEST_CASE("where nobody knows how much there is, it says how far it came") {
  CHECK(bar_text(80, 200, 0, seconds(0), "17 lines") == "17 lines");
}

TEST_CASE("the bar never takes the whole width, and gives way to its words") {
  for (std::size_t columns = 1; columns < 60; ++columns) {
    const auto bar = bar_text(columns, 3, 9, seconds(5), "");
    CHECK((bar == "33 %, 5 s left" || bar.size() < columns));
  }
}

TEST_CASE("there is no bar where nobody looks, and none for what is done at once") {
  constexpr Look terminal{.terminal = true, .colour = false, .columns = 80};
  std::ostringstream file;
  Progress(file, {}, 10, milliseconds(0)).show(1, "");
  Progress(file, terminal, 10, hours(1)).show(1, "");
  CHECK(file.str().empty());
}

TEST_CASE("the bar is gone in the end") {
  std::ostringstream terminal;
  {
    Progress(terminal, {.terminal = true, .colour = false, .columns = 80}, 10, milliseconds(0)).show(1, "");
  }
  CHECK(terminal.str().find("10 %") != std::string::npos);
  CHECK(terminal.str().ends_with("\r\x1b[K"));
}

TEST_CASE("a rate is told by the second") {
  CHECK(rate_text(812, milliseconds(2000)) == " in 2.0 s, 406 a second");
  CHECK(rate_text(5, milliseconds(1960)) == " in 2.0 s, 2 a second");
  CHECK(rate_text(5, milliseconds(0)) == " in 0.0 s, 5000 a second");
}
