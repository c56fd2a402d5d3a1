#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include <boost/json.hpp>

#include "base/uuid.h"
#include "catalogue/plan.h"

namespace tamroi::simulation {

// A live fact as it was sent, with where it was recorded.
struct LiveFact {
  base::Uuid id;
  std::string type;
  std::string unit;
  base::Date occurred_on{};
  std::uint64_t offset = 0;
  std::uint32_t entry = 0;
  bool late = false;
  boost::json::object values;
};

// What the controls of a province have come to.
struct Setting {
  std::uint32_t closed_months = 0;
  std::uint32_t revision = 0;
  std::map<std::tuple<std::string, std::uint32_t, std::string>, std::uint64_t> targets;  // by unit, indicator, measure
  bool operator==(const Setting&) const = default;
};

struct TwinFigure {
  bool defined = false;
  bool share = false;
  base::Int128 numerator = 0;
  base::Int128 denominator = 1;
};

struct TwinStanding {
  std::uint32_t level = 0;
  std::uint32_t evidenced_level = 0;
  std::int64_t score = 0;
};

// A fact that would bring a unit nearer to its next level.
struct Wish {
  std::string unit;  // whose; empty: any one's
  catalogue::Index type = catalogue::none;
  std::map<catalogue::Index, boost::json::value> values;  // by field
  std::set<catalogue::Index> present;                     // fields that must not be left out
  std::optional<std::pair<base::Date, base::Date>> days;
};

// Recomputes everything from all live facts, slowly and plainly. Shares the plan with the fold, never its evaluation.
class Twin {
 public:
  Twin(const catalogue::Plan& plan, std::string province, const std::vector<LiveFact>& live, const Setting& setting);

  // The province, then its districts.
  [[nodiscard]] const std::vector<std::string>& units() const { return units_; }
  [[nodiscard]] TwinFigure figure(const std::string& unit, catalogue::Index measure) const;
  // By level, then requirement: whether it is present.
  [[nodiscard]] std::vector<bool> evidence(const std::string& unit, const catalogue::Indicator& indicator) const;
  [[nodiscard]] bool judged(const std::string& unit, std::uint32_t indicator, std::uint32_t level) const;
  [[nodiscard]] TwinStanding standing(const std::string& unit, const catalogue::Indicator& indicator,
                                      std::uint32_t revision) const;
  // In hundredths, rounded half up.
  [[nodiscard]] std::optional<std::int64_t> points(const std::string& unit, const catalogue::Indicator& indicator,
                                                   std::uint32_t revision) const;
  // What the next level of the unit's result lacks, and then its evidence.
  [[nodiscard]] std::vector<Wish> wishes(const std::string& unit, const catalogue::Indicator& indicator,
                                         std::uint32_t revision) const;

 private:
  struct Value {
    bool present = false;
    std::int64_t number = 0;
    std::set<std::int64_t> members;  // of a set
    std::string text;
  };
  struct Decoded {
    const LiveFact* fact = nullptr;
    catalogue::Index type = catalogue::none;
    std::vector<Value> values;
  };
  // What a test looks at: a unit, and what narrows it.
  struct Cell {
    std::string unit;
    std::optional<std::string> entity;
    std::optional<std::int64_t> word;
    const catalogue::Period* period = nullptr;
  };
  [[nodiscard]] Value decode(const catalogue::Field& field, const boost::json::object& values) const;
  [[nodiscard]] static bool matches(const catalogue::Where& where, const Decoded& fact);
  [[nodiscard]] std::vector<const Decoded*> facts(const catalogue::Term& term, const Cell& cell) const;
  [[nodiscard]] const Decoded* newest(const catalogue::Term& term, const Cell& cell) const;
  [[nodiscard]] base::Int128 amount(const catalogue::Term& term, const Cell& cell) const;
  [[nodiscard]] bool holds(const catalogue::Having& having, const Cell& cell) const;
  [[nodiscard]] std::vector<const Decoded*> members(const catalogue::Domain& domain, const std::string& unit) const;
  [[nodiscard]] std::vector<Cell> cells(const catalogue::Domain& domain, const std::string& unit) const;
  [[nodiscard]] TwinFigure counted(const catalogue::Measure& measure, const std::string& unit) const;
  [[nodiscard]] TwinFigure growth(const catalogue::Measure& measure, const std::string& unit) const;
  [[nodiscard]] bool met(const std::string& unit, const catalogue::Indicator& indicator, std::uint32_t level,
                         const catalogue::Criterion& criterion) const;
  [[nodiscard]] std::optional<base::Ratio> band(const std::string& unit, const catalogue::Needed& needed) const;
  [[nodiscard]] std::optional<std::uint64_t> target(const std::string& unit, catalogue::Index measure) const;
  void wish(const catalogue::Term& term, const Cell& cell, std::vector<Wish>& wishes) const;
  void wish(const catalogue::Having& having, const Cell& cell, std::vector<Wish>& wishes) const;
  void wish(const std::string& unit, const catalogue::Measure& measure, std::vector<Wish>& wishes) const;
  void wish_member(const catalogue::Domain& domain, const std::string& unit, std::vector<Wish>& wishes) const;
  [[nodiscard]] Wish judgement_of(const std::string& unit, std::uint32_t indicator, std::uint32_t level) const;
  [[nodiscard]] std::optional<base::Ratio> whole_needed(const std::string& unit,
                                                        const catalogue::PointsPart& part) const;

  const catalogue::Plan& plan_;
  std::string province_;
  Setting setting_;
  std::vector<std::string> units_;
  std::vector<Decoded> facts_;
  std::vector<std::vector<const Decoded*>> by_term_;
  mutable std::map<std::pair<std::string, catalogue::Index>, TwinFigure> figures_;  // computed once
};

}  // namespace tamroi::simulation
