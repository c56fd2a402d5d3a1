#include "cli/table.h"

#include <sstream>

#include <catch2/catch_test_macros.hpp>

using namespace tamroi::cli;

namespace {

Look of_width(std::size_t columns) { return {.terminal = true, .colour = false, .columns = columns}; }

std::size_t widest_line(const std::string& text) {
  std::istringstream lines(text);
  std::size_t widest = 0;
  for (std::string line; std::getline(lines, line);) widest = std::max(widest, display_width(line));
  return widest;
}

}  // namespace

TEST_CASE("columns are as wide as what they hold, numbers stand to the right") {
  Table table({{"place"}, {"count", Table::Side::Right}, {"remark"}});
  table.add({"ที่นี่", "7", "first"});
  table.add({"there", "12345", ""});
  CHECK(table.shown({}) ==
        "place  count  remark\n"
        "ที่นี่         7  first\n"
        "there  12345\n");
}

TEST_CASE("a table that is too wide wraps its widest columns at spaces") {
  Table table({{"place"}, {"what was said about it"}});
  table.add({"here", "one two three four five six"});
  const auto shown = table.shown(of_width(40));
  CHECK(shown ==
        "place  what was said about it\n"
        "here   one two three four five six\n");
  CHECK(table.shown(of_width(24)) ==
        "place  what was said\n"
        "       about it\n"
        "here   one two three\n"
        "       four five six\n");
}

TEST_CASE("words are broken only where no other way is left") {
  Table table({{"measure"}, {"remark"}});
  table.add({"an_extraordinarily_long_name", "short words only"});
  const auto shown = table.shown(of_width(40));
  CHECK(shown.find("an_extraordinarily_long_name  ") != std::string::npos);
  CHECK(widest_line(shown) <= 40);
  const auto narrow = table.shown(of_width(24));
  CHECK(narrow.find("an_extraordinarily_long_name") == std::string::npos);
  CHECK(widest_line(narrow) <= 24);
}

TEST_CASE("an indented table fits into the terminal") {
  Table table({{"name"}, {"value"}});
  table.add({"twenty columns to go", "and these are eighteen"});
  CHECK(widest_line(table.shown(of_width(44))) == 44);
  const auto shown = table.shown(of_width(44), 4);
  CHECK(widest_line(shown) <= 44);
  CHECK(shown.starts_with("    name"));
}

TEST_CASE("colours do not count as columns, and end where they began") {
  Table table({{"a"}, {"b"}});
  table.add({{"x", Tone::Good}, "y"});
  CHECK(table.shown({.terminal = true, .colour = true, .columns = 80}) ==
        "\x1b[1ma\x1b[0m  \x1b[1mb\x1b[0m\n"
        "\x1b[32mx\x1b[0m  y\n");
}
