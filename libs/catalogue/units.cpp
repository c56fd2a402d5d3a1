#include "catalogue/units.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace tamroi::catalogue {
namespace {

struct Row {
  std::size_t line = 0;
  std::array<std::string_view, 6> cells;  // code, parent, kind, name_th, name_en, region_th
};

struct RegionName {
  std::string_view code;
  std::string_view th;
  std::string_view en;
};
constexpr std::array<RegionName, 6> regions{{{"R1", "ภาคเหนือ", "North"},
                                             {"R2", "ภาคตะวันออกเฉียงเหนือ", "Northeast"},
                                             {"R3", "ภาคกลาง", "Central"},
                                             {"R4", "ภาคตะวันออก", "East"},
                                             {"R5", "ภาคตะวันตก", "West"},
                                             {"R6", "ภาคใต้", "South"}}};
constexpr std::string_view header = "code,parent,kind,name_th,name_en,region_th";

using Problems = std::vector<std::pair<std::size_t, std::string>>;

bool is_code(std::string_view text, std::size_t digits) {
  return text.size() == digits && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

std::optional<Row> split(std::string_view text, std::size_t line, Problems& problems) {
  Row row{.line = line, .cells = {}};
  std::size_t cell = 0;
  while (true) {
    const std::size_t comma = text.find(',');
    if (cell == row.cells.size()) {
      problems.emplace_back(line, "There are more than six columns.");
      return std::nullopt;
    }
    row.cells[cell++] = text.substr(0, comma);
    if (comma == std::string_view::npos) break;
    text.remove_prefix(comma + 1);
  }
  if (cell == row.cells.size()) return row;
  problems.emplace_back(line, fmt::format("There are {} columns instead of six.", cell));
  return std::nullopt;
}

std::vector<Row> read_rows(std::string_view csv, Problems& problems) {
  std::vector<Row> rows;
  std::size_t line = 0;
  while (!csv.empty()) {
    ++line;
    const std::size_t end = csv.find('\n');
    std::string_view text = csv.substr(0, end);
    csv.remove_prefix(end == std::string_view::npos ? csv.size() : end + 1);
    if (text.ends_with('\r')) text.remove_suffix(1);
    if (line == 1) {
      if (text != header) problems.emplace_back(1, fmt::format("The first line must be \"{}\".", header));
    } else if (text.find('"') != std::string_view::npos) {
      problems.emplace_back(line, "Quoted cells are not supported.");
    } else if (!text.empty()) {
      if (auto row = split(text, line, problems)) rows.push_back(*row);
    }
  }
  if (line == 0) problems.emplace_back(0, "The file is empty.");
  return rows;
}

std::string check_row(const Row& row) {
  const auto& [code, parent, kind, name_th, name_en, region] = row.cells;
  if (name_th.empty() || name_en.empty()) return fmt::format("Unit {} needs a name in Thai and in English.", code);
  if (kind == "province") {
    if (!is_code(code, 2)) return fmt::format("A province's code is two digits, not \"{}\".", code);
    if (parent != "TH") return fmt::format("The parent of province {} must be TH.", code);
    if (std::ranges::find(regions, region, &RegionName::th) == regions.end())
      return fmt::format("Province {} names no region: \"{}\".", code, region);
    return {};
  }
  if (kind != "district" && kind != "khet") return fmt::format("\"{}\" is not province, district or khet.", kind);
  if (!is_code(code, 4)) return fmt::format("A district's code is four digits, not \"{}\".", code);
  if (parent != code.substr(0, 2)) return fmt::format("District {} does not begin with its province {}.", code, parent);
  if (!region.empty()) return fmt::format("District {} must not name a region.", code);
  return {};
}

}  // namespace

Units::Parsed Units::parse_csv(std::string_view csv) {
  Parsed parsed;
  auto& [units, problems] = parsed;
  const auto add = [&](Unit unit, std::size_t line) {
    if (!units.by_code_.emplace(unit.code, units.units_.size()).second) {
      problems.emplace_back(line, fmt::format("Unit {} is listed twice.", unit.code));
      return;
    }
    units.units_.push_back(std::move(unit));
  };
  std::vector<Row> rows = read_rows(csv, problems);
  for (const Row& row : rows) {
    if (auto why = check_row(row); !why.empty()) problems.emplace_back(row.line, std::move(why));
  }
  if (!problems.empty()) return parsed;

  add({"TH", Level::Ministry, "กรมการพัฒนาชุมชน", "Community Development Department", 0, {}}, 0);
  for (const RegionName& region : regions) {
    add({std::string(region.code), Level::Region, std::string(region.th), std::string(region.en), 0, {}}, 0);
  }
  std::ranges::sort(rows, {}, [](const Row& row) { return std::pair(row.cells[0].size(), row.line); });
  for (const auto& [line, cells] : rows) {
    const bool province = cells[2] == "province";
    const auto region = std::ranges::find(regions, cells[5], &RegionName::th);
    const std::string above(province ? region->code : cells[1]);
    const auto parent = units.by_code_.find(above);
    if (parent == units.by_code_.end()) {
      problems.emplace_back(line,
                            fmt::format("District {} belongs to province {}, which is not listed.", cells[0], above));
      continue;
    }
    add({std::string(cells[0]),
         province ? Level::Province : Level::District,
         std::string(cells[3]),
         std::string(cells[4]),
         parent->second,
         {}},
        line);
  }
  for (std::size_t i = 1; i < units.units_.size(); ++i) units.units_[units.units_[i].parent].children.push_back(i);
  for (Unit& unit : units.units_) {
    std::ranges::sort(unit.children, {}, [&](std::size_t i) { return std::string_view(units.units_[i].code); });
  }
  return parsed;
}

const Unit* Units::find(std::string_view code) const {
  const auto index = index_of(code);
  return index ? &units_[*index] : nullptr;
}

std::optional<std::size_t> Units::index_of(std::string_view code) const {
  const auto entry = by_code_.find(std::string(code));
  if (entry == by_code_.end()) return std::nullopt;
  return entry->second;
}

const Unit* Units::province_of(std::string_view code) const {
  const Unit* unit = find(code);
  if (unit == nullptr) return nullptr;
  if (unit->level == Level::District) return &units_[unit->parent];
  return unit->level == Level::Province ? unit : nullptr;
}

bool Units::within(std::string_view unit, std::string_view ancestor) const {
  auto at = index_of(unit);
  const auto top = index_of(ancestor);
  if (!at || !top) return false;
  while (*at != *top) {
    if (*at == 0) return false;
    at = units_[*at].parent;
  }
  return true;
}

}  // namespace tamroi::catalogue
