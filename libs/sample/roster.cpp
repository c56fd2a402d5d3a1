#include "sample/roster.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <stdexcept>

#include <fmt/format.h>

#include "sample/chance.h"

namespace tamroi::sample {
namespace {

using catalogue::Level;
using catalogue::Unit;
using Counts = std::vector<std::uint64_t>;

// What chance is drawn for, so that one thing does not decide another.
enum Purpose : std::uint64_t { ClassOf = 1, SizeOfProvince, SizeOfDistrict };

std::uint64_t key_of_code(std::string_view code) {
  std::uint64_t key = 0;
  for (const char c : code) key = key_of({key, static_cast<unsigned char>(c)});
  return key;
}

// The total in parts as large as the weights, exact in sum.
Counts shared_out(std::uint64_t total, const Counts& weights) {
  const auto sum = std::accumulate(weights.begin(), weights.end(), std::uint64_t{0});
  Counts parts;
  unsigned __int128 reached = 0;
  std::uint64_t given = 0;
  for (const auto weight : weights) {
    reached += weight;
    const auto now = sum == 0 ? 0 : static_cast<std::uint64_t>(reached * total / sum);
    parts.push_back(now - given);
    given = now;
  }
  return parts;
}

class Roster {
 public:
  Roster(const Description& description, const catalogue::Units& units, const Wish& wish)
      : description_(description), units_(units), wish_(wish) {
    for (const auto& known : description.known) known_[known.unit] = &known;
    for (const auto& unit : units.all()) {
      if (unit.level == Level::Province) provinces_.push_back(&unit);
    }
    std::ranges::sort(provinces_, {}, &Unit::code);
    for (const auto& code : wish.entire) check_province(code);
    if (!wish.province.empty()) check_province(wish.province);
  }

  std::vector<Place> make() {
    count_members();
    std::vector<Place> places;
    for (const auto* province : provinces_) {
      if (!wish_.province.empty() && province->code != wish_.province) continue;
      places.push_back(place(*province, *province));
      for (const auto child : province->children) {
        places.push_back(place(units_.at(child), *province));
        places.back().counts = counts_.at(units_.at(child).code);
      }
    }
    return places;
  }

 private:
  void check_province(const std::string& code) const {
    const auto* unit = units_.find(code);
    if (unit != nullptr && unit->level == Level::Province) return;
    throw std::invalid_argument(fmt::format("{} is no province.", code));
  }

  [[nodiscard]] Chance chance(const Unit& unit, Purpose purpose, std::uint64_t which = 0) const {
    return Chance(key_of({wish_.seed, key_of_code(unit.code), purpose, which}));
  }

  [[nodiscard]] const Known* known(const Unit& unit) const {
    const auto entry = known_.find(unit.code);
    return entry == known_.end() ? nullptr : entry->second;
  }

  [[nodiscard]] const Class& class_of(const Unit& unit, const Unit& province) const {
    if (const auto* said = known(unit); said != nullptr && said->chosen != none) return description_.classes[said->chosen];
    const auto* weights = unit.level == Level::District ? &class_of(province, province).districts : nullptr;
    const auto weight = [&](Index i) -> std::uint64_t {
      const auto& each = description_.classes[i];
      if (each.level != unit.level) return 0;
      if (weights == nullptr || weights->empty()) return each.weight;
      return i < weights->size() ? (*weights)[i] : 0;
    };
    std::uint64_t sum = 0;
    for (Index i = 0; i < description_.classes.size(); ++i) sum += weight(i);
    auto left = chance(unit, ClassOf).below(std::max<std::uint64_t>(sum, 1));
    for (Index i = 0; i < description_.classes.size(); ++i) {
      if (left < weight(i)) return description_.classes[i];
      left -= weight(i);
    }
    return description_.classes.front();
  }

  [[nodiscard]] Place place(const Unit& unit, const Unit& province) const {
    Place made{.unit = unit.code, .province = province.code, .level = unit.level, .key = key_of_code(unit.code)};
    made.way = &class_of(unit, province);
    for (const auto& setting : description_.settings) made.settings.push_back(setting.value);
    const auto set = [&](const std::vector<SettingValue>& values) {
      for (const auto& [setting, value] : values) made.settings[setting] = value;
    };
    if (unit.level == Level::District) {
      set(class_of(province, province).below);
      if (const auto* above = known(province)) set(above->below);
    } else {
      for (const auto child : unit.children) made.districts.push_back(units_.at(child).code);
    }
    set(made.way->settings);
    if (const auto* own = known(unit)) set(own->settings);
    return made;
  }

  void count_members() {
    for (const auto* province : provinces_) {
      for (const auto child : province->children) counts_[units_.at(child).code].resize(description_.kinds.size());
    }
    for (Index kind = 0; kind < description_.kinds.size(); ++kind) count_members(kind);
  }

  void count_members(Index kind) {
    const auto in_provinces = count_in_provinces(kind);
    unsigned __int128 before = 0;  // in districts that the scale makes smaller
    for (std::size_t p = 0; p < provinces_.size(); ++p) {
      const auto& province = *provinces_[p];
      Counts weights;
      for (const auto child : province.children) {
        weights.push_back(static_cast<std::uint64_t>(chance(units_.at(child), SizeOfDistrict).between(40, 160)));
      }
      const auto parts = shared_out(in_provinces[p], weights);
      const bool entire = std::ranges::count(wish_.entire, province.code) > 0;
      for (std::size_t d = 0; d < parts.size(); ++d) {
        auto& count = counts_[units_.at(province.children[d]).code][kind];
        count = entire ? parts[d] : scaled(before + parts[d]) - scaled(before);
        if (!entire) before += parts[d];
        count = std::max(count, description_.kinds[kind].least);
      }
    }
  }

  // Of all before it in a row, so that the sum is as exact as each.
  [[nodiscard]] std::uint64_t scaled(unsigned __int128 count) const {
    return static_cast<std::uint64_t>((count * wish_.scale + 500'000) / 1'000'000);
  }

  [[nodiscard]] Counts count_in_provinces(Index kind) const {
    auto left = description_.kinds[kind].country;
    Counts told(provinces_.size());
    Counts weights(provinces_.size());
    for (std::size_t p = 0; p < provinces_.size(); ++p) {
      const auto* said = known(*provinces_[p]);
      const auto entry = said == nullptr ? nullptr : find(said->counts, kind);
      if (entry != nullptr) {
        told[p] = entry->second;
        left -= std::min(left, entry->second);
      } else {
        const auto size = static_cast<std::uint64_t>(chance(*provinces_[p], SizeOfProvince).between(60, 140));
        weights[p] = provinces_[p]->children.size() * size;
      }
    }
    auto counts = shared_out(left, weights);
    for (std::size_t p = 0; p < counts.size(); ++p) counts[p] += told[p];
    return counts;
  }

  using Told = std::vector<std::pair<Index, std::uint64_t>>;
  [[nodiscard]] static const Told::value_type* find(const Told& counts, Index kind) {
    const auto entry = std::ranges::find(counts, kind, &Told::value_type::first);
    return entry == counts.end() ? nullptr : &*entry;
  }

  const Description& description_;
  const catalogue::Units& units_;
  const Wish& wish_;
  std::map<std::string, const Known*, std::less<>> known_;
  std::vector<const Unit*> provinces_;
  std::map<std::string, Counts, std::less<>> counts_;  // by district, then by kind
};

}  // namespace

std::vector<Place> roster(const Description& description, const catalogue::Units& units, const Wish& wish) {
  return Roster(description, units, wish).make();
}

}  // namespace tamroi::sample
