#include <cstdlib>
#include <iostream>
#include <random>

#include <catch2/catch_test_macros.hpp>
#include <fmt/format.h>

#include "audit/damages.h"

using namespace tamroi;
using namespace tamroi::audit_tests;

namespace {

std::uint64_t from_environment(const char* name, std::uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

}  // namespace

TEST_CASE("every damage to a pack is refused") {
  const auto seed = from_environment("TAMROI_DAMAGES_SEED", std::random_device{}());
  const auto damages = from_environment("TAMROI_DAMAGES", 600);
  std::cout << fmt::format("TAMROI_DAMAGES_SEED={} TAMROI_DAMAGES={}", seed, damages) << std::endl;
  const auto ledger = believable_ledger(3, {.households = 6, .visits_a_month = 2, .plots = 4, .groups = 2, .facts_a_submission = 4});
  const auto pack = pack_of(ledger);
  REQUIRE(refusal(pack).empty());
  REQUIRE(ledger.entries.size() > 300);
  const Damager damager(ledger, pack);
  std::uint64_t refused = 0;
  for (std::uint64_t i = 0; refused < damages; ++i) {
    support::Chance chance(seed + i);
    const auto damaged = damager.damaged(chance);
    if (!damaged) continue;
    CAPTURE(seed + i, damaged->how);
    REQUIRE_FALSE(refusal(damaged->files, damaged->since).empty());
    ++refused;
  }
}
