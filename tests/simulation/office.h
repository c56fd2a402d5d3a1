#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include <boost/json.hpp>

#include "simulation/author.h"

namespace tamroi::simulation {

// A control, what should become of it, and what it does to a province once its copy is applied there.
struct ControlDraft {
  boost::json::object body;
  std::vector<Expected> problems;  // sorted; empty: accepted
  std::function<void(Model&)> effect;
};

// Sends controls, some of them out of order or plainly wrong; knows what they have come to in each province.
class Office {
 public:
  Office(const catalogue::Plan& plan, std::string province, Chance& chance);
  void use(const catalogue::Plan& plan) { plan_ = &plan; }

  // Judged on that day; what is accepted is taken into account at once.
  [[nodiscard]] ControlDraft opening();
  [[nodiscard]] ControlDraft closing_of_next_month(base::Date today);
  [[nodiscard]] ControlDraft end_of_round();
  [[nodiscard]] ControlDraft any(base::Date today);

 private:
  struct Place {
    std::uint32_t closed_months = 0;
    std::uint32_t revision = 0;
    bool closed = false;
  };
  ControlDraft opening_under(std::uint32_t revision);
  ControlDraft month(std::uint32_t index, const std::string& unit, base::Date today);
  ControlDraft revision(const std::string& unit);
  ControlDraft target();
  ControlDraft end(const std::string& unit);
  [[nodiscard]] ControlDraft draft(std::string_view type) const;
  [[nodiscard]] std::vector<std::string> named(const std::string& unit) const;
  void require_open(ControlDraft& draft) const;
  std::string some_unit();
  // Leaves the reason out, now and then, and sorts the problems.
  bool finish(ControlDraft& draft);

  const catalogue::Plan* plan_;
  std::string province_;
  Chance& chance_;
  bool opened_ = false;
  std::map<std::string, Place> places_;
};

}  // namespace tamroi::simulation
