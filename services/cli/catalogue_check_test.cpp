#include "cli/catalogue_check.h"

#include <fstream>
#include <sstream>

#include <boost/json.hpp>
#include <catch2/catch_test_macros.hpp>

#include "support/temporary_directory.h"

using namespace tamroi::cli;
namespace fs = std::filesystem;

namespace {

const fs::path round_folder = fs::path(TAMROI_SOURCE_DIR) / "schemas/catalogue/2565-2";

struct Checking {
  std::ostringstream output;
  std::ostringstream errors;
  Exit exit;
  explicit Checking(const fs::path& folder, const fs::path& against = {}, bool json = false)
      : exit(check_catalogue(folder, against, Screen{output, errors, {}, {}, json})) {}
};

// A copy of the round with its units beside it, as in the tree.
class Copy {
 public:
  Copy() : folder(fs::path(directory_.path()) / "catalogue" / "round") {
    fs::create_directories(folder);
    fs::create_directories(folder / "../../org");
    for (const auto& entry : fs::directory_iterator(round_folder)) fs::copy(entry, folder);
    fs::copy(round_folder / "../../org/org-units.csv", folder / "../../org");
  }
  void append(const std::string& file, const std::string& text) const {
    std::ofstream(folder / file, std::ios::app) << text;
  }

 private:
  tamroi::support::TemporaryDirectory directory_;

 public:
  fs::path folder;
};

}  // namespace

TEST_CASE("the round's catalogue is valid") {
  const Checking checking(round_folder);
  CHECK(checking.exit == Exit::Done);
  CHECK(checking.output.str().starts_with("Round 2565-2: 3 indicators, "));
  CHECK(checking.output.str().ends_with("0 errors, 0 warnings\n"));
}

TEST_CASE("every finding stands behind the file and line where it is") {
  const Copy copy;
  copy.append("words.yaml", "bogus: 1\n");
  copy.append("facts.yaml", "wrong: 2\n");
  const Checking checking(copy.folder);
  CHECK(checking.exit == Exit::Refused);
  const auto facts = (copy.folder / "facts.yaml").string();
  CHECK(checking.output.str().starts_with(facts + ":"));
  CHECK(checking.output.str().find("Unknown member \"wrong\"") != std::string::npos);
  CHECK(checking.output.str().find((copy.folder / "words.yaml").string() + ":") != std::string::npos);
  CHECK(checking.output.str().ends_with("2 errors, 0 warnings\n"));
}

TEST_CASE("for programs findings are JSON") {
  const Copy copy;
  copy.append("words.yaml", "bogus: 1\n");
  const Checking checking(copy.folder, {}, true);
  const auto said = boost::json::parse(checking.output.str()).as_object();
  CHECK(said.at("valid") == false);
  const auto& finding = said.at("findings").as_array().at(0).as_object();
  CHECK(finding.at("severity") == "error");
  CHECK(finding.at("file").as_string() == (copy.folder / "words.yaml").string());
  CHECK(finding.at("line").to_number<int>() > 1);
}

TEST_CASE("what is in force must not change") {
  const Copy copy;
  CHECK(Checking(copy.folder, round_folder).exit == Exit::Done);
  std::ifstream in(copy.folder / "indicator-6.yaml");
  std::string text((std::istreambuf_iterator<char>(in)), {});
  const auto weight = text.find("weight: 10");
  REQUIRE(weight != std::string::npos);
  std::ofstream(copy.folder / "indicator-6.yaml") << text.replace(weight, 10, "weight: 12");
  CHECK(Checking(copy.folder).exit == Exit::Done);
  const Checking changed(copy.folder, round_folder);
  CHECK(changed.exit == Exit::Refused);
  CHECK(changed.output.str().find("indicator-6.yaml:") != std::string::npos);
}

TEST_CASE("a folder that is none, or holds no catalogue, is wrong usage") {
  const tamroi::support::TemporaryDirectory empty;
  CHECK(Checking(empty.path()).exit == Exit::WrongUsage);
  const Checking missing(fs::path(empty.path()) / "nothing");
  CHECK(missing.exit == Exit::WrongUsage);
  CHECK(missing.errors.str().find("nothing") != std::string::npos);
  const Copy copy;
  fs::remove_all(copy.folder / "../../org");
  const Checking without_units(copy.folder);
  CHECK(without_units.exit == Exit::Refused);
  CHECK(without_units.output.str().find("units.csv:1: ") != std::string::npos);
}
