#include "journal/partitions.h"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <sstream>

#include "support/files.h"

namespace tamroi::journal {

TEST_CASE("every province has a partition, and none has two") {
  std::vector<event::Stream> listed;
  std::istringstream units(support::read_file(support::source_dir() / "schemas" / "org" / "org-units.csv"));
  for (std::string line; std::getline(units, line);) {
    if (line.find(",province,") != std::string::npos) listed.push_back(event::parse_stream(line.substr(0, line.find(','))).value());
  }
  auto placed = provinces_by_partition();
  std::ranges::sort(placed);
  std::ranges::sort(listed);
  REQUIRE(placed == listed);
  REQUIRE(std::ranges::adjacent_find(placed) == placed.end());
}

TEST_CASE("a province keeps its partition for ever") {
  const auto provinces = provinces_by_partition();
  REQUIRE(provinces.size() >= 77);
  CHECK(provinces[0] == event::Stream{10});
  CHECK(provinces[8] == event::Stream{18});
  CHECK(provinces[14] == event::Stream{24});
  CHECK(provinces[76] == event::Stream{96});
}

TEST_CASE("a stream lies where the record's letter puts it") {
  const Layout layout("tamroi", provinces_by_partition());
  CHECK(*layout.place_of({24}) == Place{{24}, "tamroi.submissions", 14});
  CHECK(*layout.place_of(event::control_stream) == Place{event::control_stream, "tamroi.control", 0});
  CHECK(*layout.place_of(event::ledger_stream) == Place{event::ledger_stream, "tamroi.ledger", 0});
  CHECK(*layout.place_of(event::checkpoints_stream) == Place{event::checkpoints_stream, "tamroi.checkpoints", 0});
  CHECK(layout.place_of({29}) == nullptr);
  CHECK(layout.places().size() == 80);
}

}  // namespace tamroi::journal
