#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/problem.h"

namespace tamroi::catalogue {

enum class Level : std::uint8_t { Ministry, Region, Province, District };

struct Unit {
  std::string code;  // "TH", "R4", "24", "2401"
  Level level = Level::District;
  std::string name_th;
  std::string name_en;
  std::size_t parent = 0;             // index in Units; of the ministry itself: 0
  std::vector<std::size_t> children;  // indexes, in order of their codes
};

// The tree of organisation units of a round: ministry TH, regions R1 to R6, provinces, districts.
// A khet of Bangkok is a district.
class Units {
 public:
  Units() = default;
  // From the CSV of schemas/org (code,parent,kind,name_th,name_en,region_th); every problem with its line.
  struct Parsed;
  [[nodiscard]] static Parsed parse_csv(std::string_view csv);

  [[nodiscard]] const std::vector<Unit>& all() const { return units_; }
  [[nodiscard]] const Unit* find(std::string_view code) const;
  [[nodiscard]] const Unit& at(std::size_t index) const { return units_.at(index); }
  [[nodiscard]] std::optional<std::size_t> index_of(std::string_view code) const;
  // The province of a district, or the province itself; null for regions, the ministry and unknown codes.
  [[nodiscard]] const Unit* province_of(std::string_view code) const;
  // Whether `unit` lies in the subtree of `ancestor`, itself included.
  [[nodiscard]] bool within(std::string_view unit, std::string_view ancestor) const;

 private:
  std::vector<Unit> units_;
  std::unordered_map<std::string, std::size_t> by_code_;
};

struct Units::Parsed {
  Units units;
  std::vector<std::pair<std::size_t, std::string>> problems;  // line from 1, sentence
};

}  // namespace tamroi::catalogue
