#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "base/uuid.h"
#include "simulation/twin.h"

namespace tamroi::simulation {

// What should be true of a province's round: plain lists, looked through from end to end.
struct Model {
  std::string province;
  std::vector<LiveFact> live;                   // in the order of recording
  std::map<base::Uuid, std::string> withdrawn;  // the unit of each
  std::map<std::string, std::uint64_t> versions;
  Setting setting;
  bool opened = false;
  bool closed = false;
  base::Instant recorded_at;

  [[nodiscard]] base::Date today() const { return base::bangkok_date(recorded_at); }
  [[nodiscard]] const LiveFact* find(const base::Uuid& id) const;
  // The fact that registers an entity.
  [[nodiscard]] const LiveFact* registration(const catalogue::Plan& plan, catalogue::Index reg,
                                             const std::string& name) const;
  // Names registered in a unit.
  [[nodiscard]] std::vector<std::string> registered(const catalogue::Plan& plan, catalogue::Index reg,
                                                    const std::string& unit) const;
  // Whether a live fact other than its registration uses the entity.
  [[nodiscard]] bool used(const catalogue::Plan& plan, catalogue::Index reg, const std::string& name) const;
  [[nodiscard]] bool in_closed_month(const catalogue::Plan& plan, base::Date date) const;
};

}  // namespace tamroi::simulation
