#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "event/outcome.h"
#include "event/record.h"
#include "reporting/control_body.h"
#include "reporting/door.h"
#include "reporting/fold_version.h"
#include "reporting/plans.h"

namespace tamroi::reporting {

struct Account {
  std::string account;
  std::string role;
  std::string unit;
  std::string token_sha256;
  std::optional<base::Date> expires_on;
  event::Position granted;
  std::optional<event::Position> revoked;
};

// An accepted control that every province stream gets a copy of.
struct NumberedControl {
  std::uint64_t number = 0;
  event::Offset offset = 0;
  base::Instant recorded_at;
};

// The fold of the control stream: judges controls, numbers the accepted ones from 1, and knows the accounts,
// catalogues, quarantines, and what each round has come to in each province.
//
// Invariants: the same records give the same outcomes; a rejected or repeated control changes nothing.
// Errors:     step throws Defect on a record that is no control (the stream stops there).
class ControlFold {
 public:
  // `body` gives the body of a record of the control stream that was stepped already.
  ControlFold(std::shared_ptr<Plans> plans, std::function<std::string(event::Offset)> body)
      : plans_(std::move(plans)), body_(std::move(body)) {}

  [[nodiscard]] event::Outcome step(const event::Record& record, event::Offset offset);

  [[nodiscard]] const Published& published() const { return published_; }
  [[nodiscard]] const std::map<std::string, Account>& accounts() const { return accounts_; }
  // How often an account was granted or revoked; who holds a token stays so while this does.
  [[nodiscard]] std::uint64_t account_changes() const { return account_changes_; }
  // Who holds the token with that SHA-256 (hex), unless revoked; expiry is the caller's.
  [[nodiscard]] const Account* account_of_token(const std::string& token_sha256) const;
  [[nodiscard]] const std::vector<NumberedControl>& numbered() const { return numbered_; }
  [[nodiscard]] std::optional<event::Offset> first_of(const base::Uuid& id) const;
  // The hash that a quarantine names for that position.
  [[nodiscard]] std::optional<std::string> quarantine(event::Position position) const;
  // Rounds opened with automatic closing, and how many of their months are closed in every province.
  struct Automatic {
    std::string round;
    std::uint32_t closed_months;
  };
  [[nodiscard]] std::vector<Automatic> automatic() const;
  [[nodiscard]] base::Instant recorded_at() const { return recorded_at_; }
  // The version of the fold that counts from the last record on.
  [[nodiscard]] std::uint32_t counted() const { return counted_; }

 private:
  struct ProvinceRoundFacts {
    bool closed = false;
    std::uint32_t closed_months = 0;
    std::uint32_t revision = 0;
  };
  struct Round {
    bool opened = false;
    bool automatic = false;
    std::map<std::string, ProvinceRoundFacts> provinces;
  };

  void judge(const event::Record& record, event::Offset offset, base::JsonValue body, event::Outcome& outcome);
  void judge_round(const ControlBody& body, base::JsonValue json, const event::Actor& actor, Problems& problems);
  void judge_opening(const ControlBody& body, base::JsonValue json, const catalogue::Plan& plan, Problems& problems);
  void judge_month(const ControlBody& body, base::JsonValue json, const catalogue::Plan& plan,
                   const std::vector<std::string>& provinces, Problems& problems);
  void judge_revision(const ControlBody& body, base::JsonValue json, const catalogue::Plan& plan,
                      const std::vector<std::string>& provinces, Problems& problems);
  void judge_target(const ControlBody& body, base::JsonValue json, const catalogue::Plan& plan, Problems& problems);
  void judge_catalogue(const ControlBody& body, base::JsonValue json, Problems& problems);
  void judge_account(const ControlBody& body, base::JsonValue json, Problems& problems);
  void apply(const ControlBody& body, event::Offset offset);
  [[nodiscard]] std::vector<std::string> provinces_of(const ControlBody& body, const catalogue::Plan& plan) const;

  std::shared_ptr<Plans> plans_;
  std::function<std::string(event::Offset)> body_;
  base::Instant recorded_at_;
  std::unordered_map<base::Uuid, event::Offset> first_;
  std::vector<NumberedControl> numbered_;
  Published published_;
  std::map<std::string, Round> rounds_;
  std::map<std::string, Account> accounts_;
  std::unordered_map<std::string, std::string> by_token_;
  std::uint64_t account_changes_ = 0;
  std::map<event::Position, std::string> quarantines_;
  std::uint32_t counted_ = first_fold_version;  // the version of the fold that counts
};

}  // namespace tamroi::reporting
