#include "scenarios/command.h"

#include <fstream>
#include <sstream>

#include <catch2/catch_test_macros.hpp>

#include "support/temporary_directory.h"

using namespace tamroi::scenarios;
namespace fs = std::filesystem;

namespace {

const fs::path catalogues = fs::path(TAMROI_SOURCE_DIR) / "schemas/catalogue";

class Files {
 public:
  fs::path add(const std::string& name, const std::string& text) const {
    const auto path = fs::path(directory_.path()) / name;
    std::ofstream(path) << text;
    return path;
  }
  [[nodiscard]] fs::path folder() const { return directory_.path(); }

 private:
  tamroi::support::TemporaryDirectory directory_;
};

// One that holds and one that does not.
constexpr auto two =
    "catalogue 2565-2\nopen 2565-2 revision 2\nscenario good\n  \nexpect 24 version 0\nscenario bad\nexpect 24 version "
    "7\n";

Command command(const fs::path& path, std::size_t only = 0) {
  Command command;
  command.selection = {{path}, only};
  command.catalogues = catalogues;
  return command;
}

std::string why_not(const Command& command) {
  std::ostringstream output;
  try {
    (void)carry_out(command, output);
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("tokens by role are those of the usual units") {
  const auto tokens =
      read_tokens(R"({"district_officer":"a","province_officer":"b","ministry_officer":"c","auditor":"d",
    "operator":"e","district_officer@2402":"f","count":5})");
  CHECK(tokens == std::map<std::string, std::string>{{"district_officer@2401", "a"},
                                                     {"province_officer@24", "b"},
                                                     {"ministry_officer@TH", "c"},
                                                     {"auditor@TH", "d"},
                                                     {"operator@TH", "e"},
                                                     {"district_officer@2402", "f"}});
  CHECK_THROWS(read_tokens("[]"));
  CHECK_THROWS(read_tokens("{"));
}

TEST_CASE("scenarios are counted without running them") {
  const Files files;
  files.add("b.scenario", two);
  files.add("a.scenario", "catalogue 2565-2\n");
  auto listing = command(files.folder());
  listing.list = true;
  std::ostringstream output;
  CHECK(carry_out(listing, output) == 0);
  CHECK(output.str() ==
        (files.folder() / "a.scenario").string() + " 1\n" + (files.folder() / "b.scenario").string() + " 2\n");
}

TEST_CASE("one scenario of a file can be chosen") {
  const Files files;
  const auto path = files.add("two.scenario", two);
  std::ostringstream output;
  CHECK(carry_out(command(path, 1), output) == 0);
  CHECK(output.str() == "1 passed, 0 failed\n");
  CHECK(carry_out(command(path, 2), output) == 1);
  CHECK(carry_out(command(path), output) == 1);
  CHECK(carry_out(command(path, 3), output) == 1);
  CHECK(output.str().find("there are only 2 scenarios") != std::string::npos);
}

TEST_CASE("a server plays exactly one scenario, and needs an operator's token") {
  const Files files;
  const auto path = files.add("two.scenario", two);
  auto all = command(path);
  all.url = "http://127.0.0.1:1";
  all.token = "token";
  CHECK(why_not(all).find("--only") != std::string::npos);
  auto one = command(path, 1);
  one.url = all.url;
  CHECK(why_not(one).find("--tokens") != std::string::npos);
  one.tokens = files.add("tokens.json", R"({"auditor":"x"})");
  CHECK(why_not(one).find("--tokens") != std::string::npos);
  one.tokens = files.folder() / "nothing.json";
  CHECK(why_not(one).find("nothing.json") != std::string::npos);
}
