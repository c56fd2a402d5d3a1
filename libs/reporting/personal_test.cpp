#include "reporting/personal.h"

#include <catch2/catch_test_macros.hpp>
#include <string>

using tamroi::reporting::holds_national_id;

namespace {

// 1101700230708 has the right check digit, 1101700230709 has not.
bool refused(const std::string& body) {
  tamroi::base::Json document;
  const auto problems = tamroi::reporting::personal_problems(nullptr, document.parse(body).value());
  return !problems.empty();
}

}  // namespace

TEST_CASE("a national id is found wherever in a text it stands") {
  for (const std::string before : {"", " ", "a", "ก", "a-", "  "}) {
    for (const std::string after : {"", " ", "a", "ก", "-a", "  "}) {
      CHECK(holds_national_id(before + "1101700230708" + after));
      CHECK(holds_national_id(before + "1-1017-00230-70-8" + after));
      CHECK(holds_national_id(before + "๑๑๐๑๗๐๐๒๓๐๗๐๘" + after));
      CHECK(holds_national_id(before + "1 1017.00230-70๘" + after));
      CHECK_FALSE(holds_national_id(before + "1101700230709" + after));
      CHECK_FALSE(holds_national_id(before + "110170023070" + after));
      CHECK_FALSE(holds_national_id(before + "1--101700230708" + after));
      CHECK_FALSE(holds_national_id(before + "11017x00230708" + after));
      CHECK_FALSE(holds_national_id(before + "01101700230708" + after));
      CHECK_FALSE(holds_national_id(before + "11017002307080" + after));
    }
  }
  CHECK_FALSE(holds_national_id(""));
  CHECK_FALSE(holds_national_id("\xE0\xB9"));
  CHECK(holds_national_id("12 x 1101700230708"));
}

TEST_CASE("a submission is looked through where people could stand, and nowhere else") {
  CHECK(refused(R"({"reason":"1101700230708"})"));
  CHECK(refused(R"({"letter":{"number":["1101700230708"]}})"));
  CHECK(refused(R"({"entries":[{"values":{"a":"b"}},{"values":{"a":[{"b":"1101700230708"}]}}]})"));
  CHECK(refused(R"({"entries":[{"values":"1101700230708"}]})"));
  CHECK_FALSE(refused(R"({"id":"1101700230708","entries":[{"fact":"1101700230708","values":{"a":1101700230708}}]})"));
}
