#pragma once

#include "simulation/author.h"

namespace tamroi::simulation {

// Makes one entry wrong in one way, and says which problems must be found.
class Spoiler {
 public:
  Spoiler(const catalogue::Plan& plan, Chance& chance, Inventor& inventor, const Model& model, const std::string& unit)
      : plan_(plan), chance_(chance), inventor_(inventor), model_(model), unit_(unit) {}

  // The entry is left as it is where no way that is tried fits it.
  void spoil(Entry& entry);

 private:
  using Way = bool (Spoiler::*)(Entry&);

  // Of any entry.
  bool no_object(Entry& entry);
  bool no_operation(Entry& entry);
  bool unknown_operation(Entry& entry);
  bool no_fact(Entry& entry);
  bool ill_formed_fact(Entry& entry);
  bool unknown_member(Entry& entry);
  // Of a record.
  bool used_id(Entry& entry);
  bool no_type(Entry& entry);
  bool unknown_type(Entry& entry);
  bool wrong_level(Entry& entry);
  // Of a correction or withdrawal.
  bool unknown_fact(Entry& entry);
  bool withdrawn_fact(Entry& entry);
  bool registration_in_use(Entry& entry);
  // Of a date.
  bool no_date(Entry& entry);
  bool ill_formed_date(Entry& entry);
  bool outside_round(Entry& entry);
  bool in_the_future(Entry& entry);
  // Of values.
  bool no_values(Entry& entry);
  bool unknown_field(Entry& entry);
  bool ill_formed_value(Entry& entry);
  bool missing_field(Entry& entry);
  bool unknown_entity(Entry& entry);
  bool taken_entity(Entry& entry);
  bool above_its_limit(Entry& entry);
  bool unfit_field(Entry& entry);
  bool foreign_unit(Entry& entry);
  bool not_left_to_judgement(Entry& entry);

  [[nodiscard]] const catalogue::FactType& type(const Entry& entry) const {
    return plan_.fact_types[plan_.fact_type(entry.after->type)];
  }
  [[nodiscard]] static bool is(const Entry& entry, std::string_view op) {
    return std::string_view(entry.written.at("op").as_string()) == op;
  }
  static boost::json::object& values(Entry& entry) { return entry.written.as_object().at("values").as_object(); }
  static void fail(Entry& entry, base::Code code, std::string where) {
    entry.problems.push_back({code, std::move(where)});
  }
  // The date has a problem: then it asks for no reason.
  static bool fail_date(Entry& entry, base::Code code);

  const catalogue::Plan& plan_;
  Chance& chance_;
  Inventor& inventor_;
  const Model& model_;
  const std::string& unit_;
};

}  // namespace tamroi::simulation
