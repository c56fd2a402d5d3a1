#pragma once

#include <optional>
#include <string>
#include <vector>

#include <boost/json.hpp>

#include "base/problem.h"
#include "simulation/chance.h"
#include "simulation/inventor.h"
#include "simulation/model.h"

namespace tamroi::simulation {

// A problem that the contract asks for.
struct Expected {
  base::Code code;
  std::string where;
  auto operator<=>(const Expected&) const = default;
};

// One entry: as written, what it does if nothing is wrong, and what is wrong (places below the entry).
struct Entry {
  boost::json::value written;
  std::optional<LiveFact> after;   // recorded or corrected
  std::optional<base::Uuid> gone;  // withdrawn
  bool wants_reason = false;
  std::vector<Expected> problems;
};

// A submission, what should become of it, and what then is.
struct Draft {
  boost::json::object body;
  std::vector<Expected> problems;  // sorted; empty: accepted
  Model after;
};

// Writes submissions. Some are wrong, in one way or in several.
class Author {
 public:
  Author(const catalogue::Plan& plan, Chance& chance) : plan_(&plan), chance_(chance), inventor_(plan, chance) {}
  void use(const catalogue::Plan& plan) {
    plan_ = &plan;
    inventor_.use(plan);
  }
  void favour(bool on) { inventor_.favour(on); }

  // `wishes`: facts to record, as far as they can be had; empty: any facts. `offset`: where the record will stand.
  [[nodiscard]] Draft submission(const Model& model, const std::string& unit, const std::vector<Wish>& wishes,
                                 std::uint64_t offset);
  // Takes every fact of the unit back, those that use an entity before those that register it.
  [[nodiscard]] Draft withdrawal_of_all(const Model& model, const std::string& unit);
  // Records that very fact.
  [[nodiscard]] static Entry record(const Model& model, const catalogue::Plan& plan, const LiveFact& fact);

 private:
  [[nodiscard]] std::optional<Entry> entry(const Model& model, const std::string& unit);
  [[nodiscard]] std::optional<Entry> correction(const Model& model, const std::string& unit);
  [[nodiscard]] std::optional<Entry> withdrawal(const Model& model, const std::string& unit);
  [[nodiscard]] bool can_go(const Model& model, const LiveFact& fact) const;
  void add(Draft& draft, Entry entry, std::uint64_t offset) const;
  void finish(Draft& draft, const Model& model, const std::string& unit, bool wants_reason);
  void spoil_members(Draft& draft, const Model& model, const std::string& unit);

  const catalogue::Plan* plan_;
  Chance& chance_;
  Inventor inventor_;
};

[[nodiscard]] boost::json::object record_of(const LiveFact& fact);
[[nodiscard]] boost::json::object correction_of(const LiveFact& fact);
[[nodiscard]] boost::json::object withdrawal_of(const base::Uuid& id);

}  // namespace tamroi::simulation
