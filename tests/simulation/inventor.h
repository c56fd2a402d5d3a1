#pragma once

#include <optional>
#include <string>

#include <boost/json.hpp>

#include "simulation/chance.h"
#include "simulation/model.h"

namespace tamroi::simulation {

// Makes up facts that a catalogue allows: knows its types and fields, none of their names.
class Inventor {
 public:
  Inventor(const catalogue::Plan& plan, Chance& chance) : plan_(&plan), chance_(chance) {}
  void use(const catalogue::Plan& plan) { plan_ = &plan; }
  // Facts made from here on rather meet criteria than not.
  void favour(bool on) { favour_ = on; }

  // A type that the unit may record.
  [[nodiscard]] const catalogue::FactType& type_for(const Model& model, const std::string& unit);
  // A fact that the unit may record today; nothing where its entity or its date is not to be had.
  [[nodiscard]] std::optional<LiveFact> fact(const Model& model, const Wish& wish);
  // Another value of the same fact: its registered entity changes only if nothing uses it.
  [[nodiscard]] std::optional<LiveFact> corrected(const Model& model, const LiveFact& fact);
  // A fact of a type that is not for the unit's level; its entities are not known anywhere.
  [[nodiscard]] std::optional<LiveFact> misplaced(const Model& model, const std::string& unit);
  [[nodiscard]] std::string free_name(const Model& model, catalogue::Index reg);

 private:
  struct Frame {
    const Model& model;
    const catalogue::FactType& type;
    const Wish& wish;
    const LiveFact* old = nullptr;  // that is corrected
    bool strangers = false;         // entities need not be registered
  };
  [[nodiscard]] std::optional<LiveFact> make(const Frame& frame, LiveFact made);
  [[nodiscard]] bool fill(const Frame& frame, LiveFact& fact);
  [[nodiscard]] bool fill_field(const Frame& frame, catalogue::Index index, LiveFact& fact);
  [[nodiscard]] std::optional<boost::json::value> value(const Frame& frame, catalogue::Index index,
                                                        const LiveFact& fact);
  [[nodiscard]] std::optional<boost::json::value> entity(const Frame& frame, catalogue::Index index,
                                                         const LiveFact& fact);
  [[nodiscard]] boost::json::value unit(const Model& model);
  [[nodiscard]] std::optional<boost::json::value> requirement(std::int64_t indicator);
  [[nodiscard]] boost::json::value set(const catalogue::Field& field);
  [[nodiscard]] boost::json::value document(const catalogue::Field& field);
  [[nodiscard]] std::string money(const catalogue::FactType& type, const catalogue::Field& field);
  [[nodiscard]] std::optional<base::Date> date(const Frame& frame, const LiveFact& fact);
  void settle_rules(const catalogue::FactType& type, LiveFact& fact);
  void settle_judgement(const catalogue::FactType& type, LiveFact& fact);

  const catalogue::Plan* plan_;
  Chance& chance_;
  bool favour_ = false;
};

}  // namespace tamroi::simulation
