#pragma once

#include <string>
#include <string_view>

#include "base/time.h"
#include "sample/chance.h"
#include "sample/description.h"

namespace tamroi::sample {

// What stands for the placeholders and settings of a template, and which member it is about.
struct Scene {
  const Description* description = nullptr;
  std::string_view unit = {};
  std::string_view province = {};
  const std::vector<Range>* settings = nullptr;  // of the unit; null: the description's
  std::string_view member = {};                       // its name
  std::string_view word = {};
  std::uint64_t number = 0;                      // of the member or period, from 1
  std::string_view month = {};
  base::Date date{};
  const std::vector<Trait>* traits = nullptr;    // of the member's kind
  std::uint64_t traits_key = 0;                  // what they are drawn with
  std::uint64_t rank = 0;                        // of the member, in an order that chance has chosen
  std::uint64_t members = 0;
  std::uint64_t rounding = 0;                    // of a part of the members, from 0 to below `whole`
};

[[nodiscard]] Range range_of(const Quantity& quantity, const Scene& scene);

// Appends what the pieces say; in a template they were escaped as JSON when they were read.
void write(const std::vector<Piece>& pieces, const Scene& scene, Chance& chance, std::string& out);

// Appends the value as JSON. False where nothing was drawn, and nothing was appended.
bool write(const Template& what, const Scene& scene, Chance& chance, std::string& out);

// The characters of a JSON string for this text.
[[nodiscard]] std::string escaped(std::string_view text);

}  // namespace tamroi::sample
