#include "reporting/current_results.h"

#include <catch2/catch_test_macros.hpp>

namespace tamroi::reporting {
namespace {

event::HistoryRow row(std::string unit, std::uint32_t indicator, std::uint32_t level) {
  event::HistoryRow made;
  made.round = "2565-2";
  made.unit = std::move(unit);
  made.indicator = indicator;
  made.standing.level = level;
  return made;
}

void put(CurrentResults& results, const event::HistoryRow& of) { results.put(of, event::encode(of)); }

TEST_CASE("the digest is of what stands, whatever came before it and in whatever order") {
  CurrentResults one;
  for (const auto& each : {row("24", 5, 1), row("2401", 5, 0), row("24", 5, 3)}) put(one, each);
  CurrentResults other;
  for (const auto& each : {row("2401", 5, 0), row("24", 5, 3)}) put(other, each);
  CHECK(one.digest() == other.digest());
  put(other, row("2401", 5, 1));
  CHECK(one.digest() != other.digest());
}

TEST_CASE("a row under one key is not the same row under another") {
  CurrentResults one;
  one.put(CurrentResults::key("2565-2", "24", 5), "row");
  CurrentResults other;
  other.put(CurrentResults::key("2565-2", "2", 5), "row");
  CurrentResults longer;
  longer.put(CurrentResults::key("2565-2", "24", 5), "ro");
  CHECK(one.digest() != other.digest());
  CHECK(one.digest() != longer.digest());
  CHECK(base::to_hex(CurrentResults{}.digest()) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST_CASE("a digest is due every 4,096 records and at each copy of a control") {
  CHECK(digest_is_due(4095, event::Kind::Submission));
  CHECK_FALSE(digest_is_due(4096, event::Kind::Submission));
  CHECK(digest_is_due(4096, event::Kind::ControlCopy));
}

}  // namespace
}  // namespace tamroi::reporting
