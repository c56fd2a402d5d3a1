#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "catalogue/units.h"
#include "sample/description.h"

namespace tamroi::sample {

// Which part of the country, and how much of it.
struct Wish {
  std::string province = {};            // "": all of them
  std::uint64_t scale = 1'000'000; // of members, in millionths
  std::vector<std::string> entire = {}; // provinces that are at scale 1 whatever the scale
  std::uint64_t seed = 1;
};

// A unit that sends, and how it goes about it.
struct Place {
  std::string unit = {};
  std::string province = {};
  catalogue::Level level = catalogue::Level::District;
  std::uint64_t key = 0;               // that its chance is drawn with
  const Class* way = nullptr;
  std::vector<Range> settings = {};         // by setting
  std::vector<std::uint64_t> counts = {};   // of members, by kind; of a district
  std::vector<std::string> districts = {};  // of a province
};

// The units that the wish names, each province before its districts. The description must outlive them.
// Errors: throws std::invalid_argument, with a sentence, where the wish names what is no province.
[[nodiscard]] std::vector<Place> roster(const Description& description, const catalogue::Units& units,
                                        const Wish& wish);

}  // namespace tamroi::sample
