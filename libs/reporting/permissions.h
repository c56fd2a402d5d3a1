#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "catalogue/units.h"
#include "event/record.h"

namespace tamroi::reporting {

// The roles of contract.md; `System` is Tamroi's own and signs in nowhere.
enum class Role : std::uint8_t { DistrictOfficer, ProvinceOfficer, MinistryOfficer, Auditor, Operator, System };
[[nodiscard]] std::optional<Role> parse_role(std::string_view word);
[[nodiscard]] std::string_view to_string(Role role);

// Who may do what, in one place: the table of contract.md. `units` is the tree that subtrees are looked up in.
struct Permissions {
  const catalogue::Units& units;

  [[nodiscard]] static bool may_submit_at_all(const event::Actor& actor);
  [[nodiscard]] bool may_submit(const event::Actor& actor, std::string_view unit) const;
  [[nodiscard]] static bool may_control_at_all(const event::Actor& actor);
  // `unit` is the control's unit, TH where it names none. Of an unknown type: whoever may send some control.
  [[nodiscard]] bool may_control(const event::Actor& actor, std::string_view type, std::string_view unit) const;
  [[nodiscard]] static bool may_read_results(const event::Actor& actor);
  // Facts, submissions and outcomes of a unit.
  [[nodiscard]] bool may_read_facts(const event::Actor& actor, std::string_view unit) const;
  [[nodiscard]] static bool may_read_controls_at_all(const event::Actor& actor);
  // A control's outcome: ministry, auditor, and its sender.
  [[nodiscard]] static bool may_read_control(const event::Actor& actor, std::string_view sender);
  [[nodiscard]] static bool may_read_accounts(const event::Actor& actor);
  // Scores what is there under a catalogue that is a draft.
  [[nodiscard]] static bool may_restate(const event::Actor& actor);
  // The records themselves.
  [[nodiscard]] static bool may_read_streams(const event::Actor& actor);
};

}  // namespace tamroi::reporting
