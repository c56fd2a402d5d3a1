#pragma once

#include <map>
#include <optional>
#include <string>

#include "catalogue/plan.h"
#include "event/outcome.h"

namespace tamroi::simulation {

// Someone who reads outcomes alone: puts the changes together and holds every outcome against those before it.
// Throws Mismatch where one does not follow from the other.
class Reader {
 public:
  Reader(const catalogue::Plan& plan, std::string province) : province_(std::move(province)) { use(plan); }
  // A later catalogue may have added measures and indicators: they begin over no facts.
  void use(const catalogue::Plan& plan);

  void read(const event::Outcome& outcome);

  struct Known {
    event::Standing standing;
    std::map<std::string, event::Figure> figures;  // by measure
    std::optional<event::HistoryRow> row;
    std::optional<event::Position> last_change;
  };
  [[nodiscard]] const Known& known(const std::string& unit, std::uint32_t indicator) const {
    return known_.at({unit, indicator});
  }
  [[nodiscard]] std::size_t changes() const { return changes_; }

 private:
  void read(const event::Change& change, const event::Outcome& outcome);
  void read(const event::HistoryRow& row, const event::Outcome& outcome);

  std::string province_;
  std::map<std::pair<std::string, std::uint32_t>, Known> known_;
  std::size_t changes_ = 0;
};

}  // namespace tamroi::simulation
