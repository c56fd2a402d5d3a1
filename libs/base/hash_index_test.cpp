#include "base/hash_index.h"

#include <catch2/catch_test_macros.hpp>
#include <functional>
#include <string>

using tamroi::base::HashIndex;

namespace {

// Names by place, found by a hash that the test chooses.
struct Names {
  std::function<std::uint64_t(const std::string&)> hash;
  std::vector<std::string> names;
  HashIndex index;

  int find(const std::string& name) const {
    const auto* place = index.find(hash(name), [&](std::uint32_t i) { return names[i] == name; });
    return place == nullptr ? -1 : static_cast<int>(*place);
  }
  void add(const std::string& name) {
    index.add(hash(name), static_cast<std::uint32_t>(names.size()));
    names.push_back(name);
  }
};

}  // namespace

TEST_CASE("what was added is found where it stands, and nothing else is") {
  Names names{std::hash<std::string>{}, {}, {}};
  CHECK(names.find("h-0") == -1);
  for (int i = 0; i < 10'000; ++i) names.add("h-" + std::to_string(i));
  for (int i = 0; i < 10'000; ++i) REQUIRE(names.find("h-" + std::to_string(i)) == i);
  CHECK(names.find("h-10000") == -1);
}

TEST_CASE("things of one hash are told apart") {
  for (const std::uint64_t hash : {std::uint64_t{0}, ~std::uint64_t{0}}) {
    Names names{[hash](const std::string&) { return hash; }, {}, HashIndex(3)};
    for (const auto* name : {"a", "b", "c", "d", "e"}) names.add(name);
    CHECK(names.find("a") == 0);
    CHECK(names.find("e") == 4);
    CHECK(names.find("f") == -1);
  }
}

TEST_CASE("a place that was found can be changed") {
  Names names{std::hash<std::string>{}, {}, {}};
  names.add("a");
  names.add("b");
  names.names.push_back("a");
  *names.index.find(names.hash("a"), [&](std::uint32_t i) { return names.names[i] == "a"; }) = 2;
  CHECK(names.find("a") == 2);
  CHECK(names.find("b") == 1);
}
