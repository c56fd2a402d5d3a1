#include "scoring/lacking.h"

#include <algorithm>

namespace tamroi::scoring {
namespace {

using catalogue::Index;
using catalogue::none;

class Collector {
 public:
  Collector(const ProvinceRound& round, std::size_t unit, Index measure)
      : round_(round), plan_(round.plan()), domain_(plan_.measures[measure].domain), unit_(unit), measure_(measure) {}

  Lacking run() {
    if (domain_.entity_register != none) {
      members();
    } else if (domain_.districts) {
      for (std::size_t u = 1; u < round_.unit_count(); ++u) {
        if (unit_ == 0 || unit_ == u) unit(u);
      }
    } else if (domain_.vocabulary != none || domain_.period != catalogue::PeriodKind::None) {
      unit(unit_);
    }
    return std::move(lacking_);
  }

 private:
  [[nodiscard]] std::string period(std::size_t cell) const {
    return domain_.period == catalogue::PeriodKind::None ? std::string{} : plan_.periods(domain_.period)[cell / round_.words_of(measure_)].name;
  }
  [[nodiscard]] std::string word(std::size_t cell) const {
    return domain_.vocabulary == none ? std::string{} : plan_.vocabularies[domain_.vocabulary].words[cell % round_.words_of(measure_)];
  }

  void members() {
    const auto& registry = round_.registry(domain_.entity_register);
    std::vector<std::size_t> places;
    for (std::size_t place = 0; place < registry.size(); ++place) {
      const auto& member = registry.member(place);
      if (member.live && (unit_ == 0 || member.unit == unit_)) places.push_back(place);
    }
    std::ranges::sort(places, {}, [&](std::size_t place) {
      return std::pair<std::uint32_t, std::string_view>(registry.member(place).unit, registry.name(place));
    });
    for (const auto place : places) {
      for (std::size_t cell = 0; cell < round_.closed_cells(measure_); ++cell) {
        const auto truth = round_.truth_of_member(measure_, place, cell);
        if (!truth.in || truth.satisfied || ++lacking_.total > lacking_max) continue;
        const auto below = word(cell);
        lacking_.first.push_back({round_.unit_code(registry.member(place).unit),
                                  below.empty() ? registry.name(place) : registry.name(place) + "/" + below, period(cell),
                                  round_.actual_of_member(measure_, place, cell)});
      }
    }
  }

  void unit(std::size_t u) {
    for (std::size_t cell = 0; cell < round_.closed_cells(measure_); ++cell) {
      const auto truth = round_.truth_of_unit(measure_, u, cell);
      if (!truth.in || truth.satisfied || ++lacking_.total > lacking_max) continue;
      lacking_.first.push_back({round_.unit_code(u), word(cell), period(cell), round_.actual_of_unit(measure_, u, cell)});
    }
  }

  const ProvinceRound& round_;
  const catalogue::Plan& plan_;
  const catalogue::Domain& domain_;
  std::size_t unit_;
  Index measure_;
  Lacking lacking_;
};

}  // namespace

Lacking lacking(const ProvinceRound& round, std::size_t unit, Index measure) { return Collector(round, unit, measure).run(); }

}  // namespace tamroi::scoring
