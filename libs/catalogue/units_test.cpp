#include "catalogue/units.h"

#include <algorithm>

#include <fmt/format.h>
#include <catch2/catch_test_macros.hpp>

#include "support/files.h"

using namespace tamroi;
using catalogue::Level;
using catalogue::Units;

namespace {

constexpr const char* header = "code,parent,kind,name_th,name_en,region_th\n";

std::string problems(const std::string& rows) {
  std::string text;
  for (const auto& [line, why] : Units::parse_csv(header + rows).problems) text += fmt::format("{}: {}\n", line, why);
  return text;
}

}  // namespace

TEST_CASE("the country has 77 provinces in six regions and 928 districts, khet among them") {
  const auto [units, wrong] = Units::parse_csv(support::read_file(support::source_dir() / "schemas/org/org-units.csv"));
  CHECK(wrong.empty());
  CHECK(units.at(0).code == "TH");
  CHECK(units.at(0).children.size() == 6);
  CHECK(std::ranges::count(units.all(), Level::Province, &catalogue::Unit::level) == 77);
  CHECK(std::ranges::count(units.all(), Level::District, &catalogue::Unit::level) == 928);
  REQUIRE(units.find("1001") != nullptr);
  CHECK(units.find("1001")->level == Level::District);
}

TEST_CASE("a province knows its region and its districts in order of their codes") {
  const auto units = Units::parse_csv(support::read_file(support::source_dir() / "schemas/org/org-units.csv")).units;
  const catalogue::Unit* province = units.find("24");
  REQUIRE(province != nullptr);
  CHECK(units.at(province->parent).code == "R4");
  REQUIRE(province->children.size() == 11);
  CHECK(units.at(province->children.front()).code == "2401");
  CHECK(units.at(province->children.back()).code == "2411");
  CHECK(units.province_of("2405") == province);
  CHECK(units.province_of("24") == province);
  CHECK(units.province_of("R4") == nullptr);
  CHECK(units.province_of("9999") == nullptr);
}

TEST_CASE("a unit lies within itself and everything above it, and nowhere else") {
  const auto units = Units::parse_csv(support::read_file(support::source_dir() / "schemas/org/org-units.csv")).units;
  for (const char* ancestor : {"2401", "24", "R4", "TH"}) CHECK(units.within("2401", ancestor));
  for (const char* elsewhere : {"2402", "25", "R3", "none"}) CHECK_FALSE(units.within("2401", elsewhere));
  CHECK_FALSE(units.within("TH", "24"));
}

TEST_CASE("every broken row of units is reported with its line") {
  CHECK(problems("24,TH,province,ก,a,ภาคตะวันออก\n2401,24,district,ก,a,\n").empty());
  CHECK(problems("24,TH,province,ก,a,East\n2,TH,province,ก,a,ภาคใต้\n") ==
        "2: Province 24 names no region: \"East\".\n3: A province's code is two digits, not \"2\".\n");
  CHECK(problems("2401,25,district,ก,a,\n") == "2: District 2401 does not begin with its province 25.\n");
  CHECK(problems("2401,24,district,ก,a,\n") == "2: District 2401 belongs to province 24, which is not listed.\n");
  CHECK(problems("24,TH,province,ก,a\n") == "2: There are 5 columns instead of six.\n");
  CHECK(problems("24,TH,city,ก,a,\n") == "2: \"city\" is not province, district or khet.\n");
  CHECK(problems("24,TH,province,ก,a,ภาคใต้\n24,TH,province,ก,a,ภาคใต้\n") == "3: Unit 24 is listed twice.\n");
  CHECK(problems("24,TH,province,,a,ภาคใต้\n") == "2: Unit 24 needs a name in Thai and in English.\n");
  CHECK_FALSE(Units::parse_csv("").problems.empty());
}
