#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/json.h"
#include "base/time.h"
#include "catalogue/bundle.h"
#include "reporting/problems.h"

namespace tamroi::reporting {

enum class ControlType : std::uint8_t {
  RoundOpened, PeriodClosed, CriteriaRevised, TargetSet, RoundClosed, CataloguePublished,
  AccountGranted, AccountRevoked, Quarantined, FoldActivated
};
[[nodiscard]] std::optional<ControlType> parse_control_type(std::string_view word);
// Accounts and quarantines get no number and are not copied.
[[nodiscard]] bool is_numbered(ControlType type);

// A control's members, as far as they are well-formed; those with a problem are absent.
struct ControlBody {
  ControlType type = ControlType::RoundOpened;
  std::optional<std::string> round;
  std::optional<std::string> unit;      // TH where absent and optional
  std::optional<std::uint32_t> revision;
  bool automatic = false;
  std::optional<std::string> month;
  std::optional<std::uint32_t> indicator;
  std::optional<std::string> measure;
  std::optional<std::uint64_t> value;
  std::optional<catalogue::Bundle> files;
  std::optional<std::string> account;
  std::optional<std::string> role;
  std::optional<std::string> token_sha256;
  std::optional<base::Date> expires_on;
  std::optional<std::string> stream;
  std::optional<std::uint64_t> offset;
  std::optional<std::string> record_sha256;
  std::optional<std::uint32_t> fold_version;
};

// Checks the form of each member (facts.md section 3, record.md); every problem at once.
[[nodiscard]] ControlBody read_control_body(ControlType type, base::JsonValue body, Problems& problems);

}  // namespace tamroi::reporting
