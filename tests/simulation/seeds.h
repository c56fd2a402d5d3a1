#pragma once

#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <random>
#include <string>

#include <fmt/format.h>

namespace tamroi::simulation {

// Which histories are played: TAMROI_SIMULATION_SEED replays from one on, TAMROI_SIMULATION_HISTORIES says how many.
struct Seeds {
  explicit Seeds(std::size_t usual)
      : first(from_environment("SEED", std::random_device{}())), histories(from_environment("HISTORIES", usual)) {
    std::cout << said(first, histories) << std::endl;
  }
  // What plays that history again.
  [[nodiscard]] std::string replay(std::size_t history) const { return said(first + history, 1) + ": "; }

  std::uint64_t first;
  std::size_t histories;

 private:
  static std::uint64_t from_environment(const char* name, std::uint64_t otherwise) {
    const char* text = std::getenv(("TAMROI_SIMULATION_" + std::string(name)).c_str());
    return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
  }
  static std::string said(std::uint64_t seed, std::size_t histories) {
    return fmt::format("TAMROI_SIMULATION_SEED={} TAMROI_SIMULATION_HISTORIES={}", seed, histories);
  }
};

}  // namespace tamroi::simulation
