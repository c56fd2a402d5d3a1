#include "support/believable.h"

#include <catch2/catch_test_macros.hpp>

#include "base/sha256.h"
#include "event/outcome.h"
#include "reporting/memory_store.h"
#include "reporting/province_fold.h"
#include "support/files.h"

namespace tamroi::support {
namespace {

const BelievableProvince& small_province() {
  static const auto province = believable_province(read_bundle_2565_2(), "24", {300, 4, 20, 9, 75}, 1);
  return province;
}

std::vector<event::Outcome> fold(const BelievableProvince& province) {
  reporting::MemoryStore store([&](event::Offset offset) { return province.stream.at(offset).body; });
  reporting::ProvinceFold fold("24", std::make_shared<reporting::Plans>(), store);
  std::vector<event::Outcome> outcomes;
  for (const auto& record : province.stream) outcomes.push_back(fold.step(record, outcomes.size()));
  return outcomes;
}

}  // namespace

TEST_CASE("what becomes of a believable province is what was meant") {
  const auto& province = small_province();
  std::size_t accepted = 0;
  std::size_t rejected = 0;
  std::size_t repeated = 0;
  std::uint32_t highest = 0;
  for (const auto& outcome : fold(province)) {
    INFO("offset " << outcome.position.offset << ": "
                   << (outcome.problems.empty() ? ""
                                                : outcome.problems.front().where + " " + outcome.problems.front().why));
    CHECK(outcome.problems.size() <= 1);
    accepted += outcome.verdict == event::Verdict::Accepted;
    rejected += outcome.verdict == event::Verdict::Rejected;
    repeated += outcome.verdict == event::Verdict::Repeat;
    for (const auto& row : outcome.rows) highest = std::max(highest, row.standing.level);
  }
  CHECK(accepted == province.accepted);
  CHECK(rejected == province.rejected);
  CHECK(repeated == province.repeated);
  CHECK(rejected > 0);
  CHECK(repeated > 0);
  CHECK(highest >= 3);
}

// Every byte of an outcome is published for ever: whoever means to change one gives the fold the next version, and
// this digest its new value. The catalogue as shipped is part of it.
TEST_CASE("the outcomes of a believable province stay the same to the byte") {
  std::string bytes;
  for (const auto& outcome : fold(small_province())) bytes += event::encode(outcome);
  CHECK(reporting::fold_version == 1);
  CHECK(base::to_hex(base::sha256(bytes)) == "567590ac4ba095e63ad1446116d0017ba7c92d2b5aa3aa91f70f5cde440aabbc");
}

TEST_CASE("a fact of a believable province has about 160 bytes") {
  const auto& province = small_province();
  const auto bytes = province.body_bytes / province.entries;
  CHECK(bytes >= 150);
  CHECK(bytes <= 185);
}

TEST_CASE("a seed gives the same province, another seed another one") {
  const auto bundle = read_bundle_2565_2();
  const ProvinceSize size{20, 1, 3, 2, 75};
  const auto one = believable_province(bundle, "83", size, 7);
  CHECK(one.stream == believable_province(bundle, "83", size, 7).stream);
  CHECK(one.stream != believable_province(bundle, "83", size, 8).stream);
}

}  // namespace tamroi::support
