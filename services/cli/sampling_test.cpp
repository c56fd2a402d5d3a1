#include "cli/sampling.h"

#include <sstream>

#include <catch2/catch_test_macros.hpp>

#include "support/files.h"

using namespace tamroi;
using namespace tamroi::cli;

namespace {

SampleSource shipped() {
  const auto schemas = support::source_dir() / "schemas";
  return {"2565-2.yaml", support::read_file(schemas / "sample/2565-2.yaml"), "org-units.csv", support::read_file(schemas / "org/org-units.csv")};
}

struct Written {
  std::ostringstream output;
  std::ostringstream errors;
  bool begun = false;
  std::string history;
  Written(const SampleSource& source, const sample::Wish& wish) {
    const Screen screen{output, errors, {}, {}, false};
    const auto made = begin_history(source, wish, screen);
    begun = made != nullptr;
    if (!begun) return;
    std::ostringstream out;
    CHECK(write_history(*made, out, screen) == Exit::Done);
    history = out.str();
  }
};

}  // namespace

TEST_CASE("a history is written as lines, and said how much it is") {
  const Written written(shipped(), {.province = "83", .scale = 100});
  CHECK(written.history.starts_with(R"({"at":"2022-04-01T08:30:00+07:00","as":"ministry_officer@TH","to":"controls",)"));
  CHECK(written.history.ends_with("}\n"));
  CHECK(written.errors.str().find(" submissions and 9 controls, ") != std::string::npos);
  CHECK(written.output.str().empty());
}

TEST_CASE("what is wrong with a description or the units is said with file and line") {
  auto source = shipped();
  source.description += "more: 1\n";
  const Written description(source, {});
  CHECK_FALSE(description.begun);
  CHECK(description.errors.str().starts_with("2565-2.yaml:"));
  CHECK(description.errors.str().find("Unknown member \"more\"") != std::string::npos);
  source = shipped();
  source.units = "code\n";
  const Written units(source, {});
  CHECK_FALSE(units.begun);
  CHECK(units.errors.str().starts_with("org-units.csv:1: "));
}

TEST_CASE("a wish for what is no province is told") {
  const Written written(shipped(), {.province = "2401"});
  CHECK_FALSE(written.begun);
  CHECK(written.errors.str() == "2401 is no province.\n");
}
