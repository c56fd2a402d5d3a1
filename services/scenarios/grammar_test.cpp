#include "scenarios/grammar.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <filesystem>

using namespace tamroi;
using namespace tamroi::scenarios;

namespace {

std::vector<Scenario> read(std::string_view text) { return parse(expand_lines(text, "one.scenario"), "one.scenario"); }

template <class Wanted>
std::vector<Wanted> all_of(const Scenario& scenario) {
  std::vector<Wanted> out;
  for (const Step& step : scenario.steps) {
    if (const auto* one = std::get_if<Wanted>(&step.statement)) out.push_back(*one);
  }
  return out;
}

std::string complaint_of(std::string_view text) {
  try {
    (void)read(text);
  } catch (const BadScenario& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("a submission holds its clauses and its entries") {
  const auto scenarios = read(
      "at 2022-06-10 10:00\n"
      "submit 2401 as province_officer@24 id one expects 3 reason \"because # of it\"  # a remark\n"
      "  car wheels=4 colours=[red,\"dark blue\"] photo={pages=2} on 2022-06-01 fact first\n"
      "  correct first wheels=3\n"
      "  withdraw first\n"
      "expect rejected bad_value at /entries/0/values/wheels and unknown_fact\n");
  REQUIRE(scenarios.size() == 1);
  const auto submits = all_of<Submit>(scenarios[0]);
  REQUIRE(submits.size() == 1);
  CHECK(submits[0].name == "one");
  CHECK(submits[0].sender->role == "province_officer");
  CHECK(submits[0].with[1].value.text == "because # of it");
  REQUIRE(submits[0].entries.size() == 3);
  CHECK(submits[0].entries[0].values[1].value.items[1].text == "dark blue");
  CHECK(submits[0].entries[0].values[2].value.members[0].name == "pages");
  CHECK(submits[0].entries[0].on == "2022-06-01");
  CHECK(submits[0].entries[1].op == Entry::Op::Correct);
  CHECK(submits[0].entries[2].op == Entry::Op::Withdraw);
  const auto verdicts = all_of<ExpectVerdict>(scenarios[0]);
  REQUIRE(verdicts.size() == 1);
  CHECK(verdicts[0].problems[0].where == "/entries/0/values/wheels");
  CHECK_FALSE(verdicts[0].problems[1].where.has_value());
}

TEST_CASE("what was sent is expected to be accepted unless the file says otherwise") {
  const auto scenarios =
      read("at 2022-06-10\nsubmit 2401\n  car\nclose 2022-04\nexpect status 422\nsubmit 2401\n  car\n");
  const auto& steps = scenarios.at(0).steps;
  REQUIRE(steps.size() == 7);
  CHECK(std::get<ExpectVerdict>(steps[2].statement).word == ExpectVerdict::Word::Accepted);
  CHECK(std::holds_alternative<ExpectStatus>(steps[4].statement));
  CHECK(std::holds_alternative<ExpectVerdict>(steps[6].statement));
  CHECK(steps[6].place.number == 6);
}

TEST_CASE("every scenario of a file begins with what stands before the first") {
  const auto scenarios = read("at 2022-06-10\nscenario one\nat 2022-06-12\nscenario two\nat 2022-06-11\n");
  REQUIRE(scenarios.size() == 2);
  CHECK(scenarios[1].name == "one.scenario: two");
  CHECK(all_of<SetTime>(scenarios[1]).size() == 2);
}

TEST_CASE("loops replace their variable, count days and pad numbers") {
  const auto scenarios = read(
      "at 2022-06-10\nsubmit 2401\n  for d in 2022-04-04..2022-04-18 step 7\n    for i in 09..10\n      car "
      "name=c{i}-{d} "
      "photo={i=1}\n");
  const auto submits = all_of<Submit>(scenarios.at(0));
  REQUIRE(submits.at(0).entries.size() == 6);
  CHECK(submits[0].entries[0].values[0].value.text == "c09-2022-04-04");
  CHECK(submits[0].entries[5].values[0].value.text == "c10-2022-04-18");
  CHECK(submits[0].entries[5].values[1].value.members[0].name == "i");
}

TEST_CASE("times are Bangkok's and never go back") {
  const auto scenarios = read("at 2022-06-10 07:30\nat 2022-06-10 07:30:01\n");
  CHECK(base::to_string(all_of<SetTime>(scenarios.at(0))[0].to) == "2022-06-10T00:30:00.000000Z");
  CHECK(complaint_of("at 2022-06-10 10:00\nat 2022-06-10 09:00\n") == "one.scenario:2: time never goes back");
}

TEST_CASE("because and lacks speak of the last expected result") {
  const auto scenarios = read(
      "at 2022-06-10\nexpect 24 indicator 5 level 3 measure speed 4/5\nbecause level 4: speed 4 % needs at least 5 %\n"
      "lacks speed 1 car-1\nlacks 2401 indicator 6 speed 0\n");
  const auto because = all_of<Because>(scenarios.at(0));
  CHECK(because.at(0).unit == "24");
  CHECK(because.at(0).text == "speed 4 % needs at least 5 %");
  const auto lacks = all_of<Lacks>(scenarios[0]);
  CHECK(lacks.at(0).names == std::vector<std::string>{"car-1"});
  CHECK(lacks.at(1).unit == "2401");
}

TEST_CASE("nonsense is refused with its file and line") {
  CHECK(complaint_of("at 2022-06-10\nsubmitt 2401\n") == "one.scenario:2: 'submitt' begins no statement");
  CHECK(complaint_of("submit 2401\n  car name=\"x\n") == "one.scenario:2: a quote is left open");
  CHECK(complaint_of("expect accepted\n") == "one.scenario:1: nothing was sent that this could be the answer to");
  CHECK(complaint_of("  submit 2401\n") == "one.scenario:1: an indented line belongs under a statement");
  CHECK(complaint_of("use missing.part\n").starts_with("one.scenario:1: cannot read"));
  CHECK(complaint_of("expect 24 indicator 5\n") == "one.scenario:1: nothing is said about the unit");
  CHECK(complaint_of("expect 24 indicator 5 levle 3\n") == "one.scenario:1: 'levle' is not understood here");
}

TEST_CASE("every scenario file of the project can be read") {
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(TAMROI_SOURCE_DIR "/tests/scenarios")) {
    if (entry.path().extension() != ".scenario") continue;
    INFO(entry.path().string());
    std::string error;
    std::vector<Scenario> scenarios;
    try {
      scenarios = parse_file(entry.path());
    } catch (const BadScenario& bad) {
      error = bad.what();
    }
    CHECK(error == "");
    CHECK_FALSE(scenarios.empty());
    ++files;
  }
  CHECK(files > 0);
}
