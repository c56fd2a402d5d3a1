#include "reporting/permissions.h"

#include <algorithm>
#include <array>

namespace tamroi::reporting {
namespace {

constexpr std::array<std::string_view, 6> words = {"district_officer", "province_officer", "ministry_officer", "auditor", "operator", "system"};
constexpr std::array<std::string_view, 4> of_the_operator = {"account_granted", "account_revoked", "quarantined", "fold_activated"};
constexpr std::array<std::string_view, 4> of_a_province = {"target_set", "period_closed", "criteria_revised", "round_closed"};
constexpr std::string_view publishing = "catalogue_published";

template <typename Words>
bool among(std::string_view word, const Words& all) { return std::ranges::find(all, word) != all.end(); }

bool known_type(std::string_view type) {
  return among(type, of_the_operator) || among(type, of_a_province) || type == publishing || type == "round_opened";
}

}  // namespace

std::optional<Role> parse_role(std::string_view word) {
  const auto found = std::ranges::find(words, word);
  if (found == words.end()) return std::nullopt;
  return static_cast<Role>(found - words.begin());
}

std::string_view to_string(Role role) { return words.at(static_cast<std::size_t>(role)); }

bool Permissions::may_submit_at_all(const event::Actor& actor) {
  const auto role = parse_role(actor.role);
  return role == Role::DistrictOfficer || role == Role::ProvinceOfficer;
}

bool Permissions::may_submit(const event::Actor& actor, std::string_view unit) const {
  const auto role = parse_role(actor.role);
  if (role == Role::DistrictOfficer) return actor.unit == unit;
  return role == Role::ProvinceOfficer && units.within(unit, actor.unit);
}

bool Permissions::may_control_at_all(const event::Actor& actor) {
  const auto role = parse_role(actor.role);
  return role == Role::ProvinceOfficer || role == Role::MinistryOfficer || role == Role::Operator || role == Role::System;
}

bool Permissions::may_control(const event::Actor& actor, std::string_view type, std::string_view unit) const {
  const auto role = parse_role(actor.role);
  if (!may_control_at_all(actor)) return false;
  if (role == Role::System || !known_type(type)) return true;
  if (role == Role::Operator) return among(type, of_the_operator) || type == publishing;
  if (role == Role::MinistryOfficer) return !among(type, of_the_operator) && type != publishing;
  if (!among(type, of_a_province)) return false;
  return type == "target_set" ? units.within(unit, actor.unit) : unit == actor.unit;
}

bool Permissions::may_read_results(const event::Actor& actor) {
  const auto role = parse_role(actor.role);
  return role && *role != Role::Operator && *role != Role::System;
}

bool Permissions::may_read_facts(const event::Actor& actor, std::string_view unit) const {
  const auto role = parse_role(actor.role);
  if (role == Role::MinistryOfficer || role == Role::Auditor) return true;
  return may_submit(actor, unit);
}

bool Permissions::may_read_controls_at_all(const event::Actor& actor) {
  return may_control_at_all(actor) || parse_role(actor.role) == Role::Auditor;
}

bool Permissions::may_read_control(const event::Actor& actor, std::string_view sender) {
  const auto role = parse_role(actor.role);
  return role == Role::MinistryOfficer || role == Role::Auditor || actor.account == sender;
}

bool Permissions::may_restate(const event::Actor& actor) {
  const auto role = parse_role(actor.role);
  return role == Role::MinistryOfficer || role == Role::Auditor;
}

bool Permissions::may_read_streams(const event::Actor& actor) { return parse_role(actor.role) == Role::Auditor; }

bool Permissions::may_read_accounts(const event::Actor& actor) { return parse_role(actor.role) == Role::Operator; }

}  // namespace tamroi::reporting
