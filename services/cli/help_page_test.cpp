#include "cli/help_page.h"

#include <sstream>

#include <catch2/catch_test_macros.hpp>

#include "cli/display.h"

using namespace tamroi::cli;

namespace {

bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

const ProgramText program{
    .does = "Something that is used.",
    .options = {{.name = "--url",
                 .letter = "-u",
                 .value = "URL",
                 .does = "where it listens",
                 .variable = "THE_URL",
                 .otherwise = "http://here"}},
    .commands = {
        {.name = "look",
         .group = "Reading",
         .does = "look at it",
         .more = "For long.",
         .arguments = {{.name = "FILE", .does = "what to look at", .required = false, .repeated = true}},
         .options = {{.name = "--way",
                      .letter = "",
                      .value = "WAY",
                      .does = "how",
                      .variable = "",
                      .otherwise = "",
                      .required = true,
                      .words = {"one", "two"}}},
         .examples = {"it look x"}},
        {.name = "account open", .group = "Keys", .does = "open one"},
        {.name = "account close", .group = "Keys", .does = "close one"},
    }};

}  // namespace

TEST_CASE("the overview names every command in its group, in one column") {
  const auto page = help_page(program, "", {});
  CHECK(page.starts_with("Usage: tamroi COMMAND [options]\n\nSomething that is used.\n"));
  CHECK(has(page, "\nReading\n  look           look at it\n"));
  CHECK(has(page, "\nKeys\n  account open   open one\n  account close  close one\n"));
  CHECK(has(page, "-u, --url URL  where it listens, or $THE_URL; otherwise http://here\n"));
}

TEST_CASE("a command tells what it needs, its choices, and how it is used") {
  const auto page = help_page(program, "look", {});
  CHECK(page.starts_with("Usage: tamroi look [FILE...] --way WAY [options]\n\nLook at it.\nFor long.\n\n  FILE  what"));
  CHECK(has(page, "--way WAY  how: one, two\n"));
  CHECK(has(page, "--url URL"));
  CHECK(page.ends_with("Examples\n  it look x\n"));
}

TEST_CASE("the first word of a group names its commands alone") {
  const auto page = help_page(program, "account", {});
  CHECK(page.starts_with("Usage: tamroi account COMMAND [options]\n"));
  CHECK(has(page, "account close"));
  CHECK(!has(page, "look at it"));
}

TEST_CASE("help fits a narrow terminal, and does not fill a wide one") {
  for (const std::size_t columns : {40U, 80U, 300U}) {
    std::istringstream lines(help_page(program, "look", {.terminal = true, .colour = false, .columns = columns}));
    for (std::string line; std::getline(lines, line);)
      CHECK(display_width(line) <= std::min<std::size_t>(columns, 100));
  }
}
