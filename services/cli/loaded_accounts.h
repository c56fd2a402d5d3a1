#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "cli/senders.h"

namespace tamroi::cli {

// The accounts that a history is sent with, each ROLE@UNIT. What the operator has not granted yet is granted, with a
// token that follows from the operator's, so that a later load finds it again.
class LoadedAccounts {
 public:
  // `tokens` are known ones by role, as a data directory's first use has made them; "operator" is among them.
  // Errors: throws std::runtime_error, with a sentence, where the server does not list its accounts.
  LoadedAccounts(Client& client, const std::map<std::string, std::string>& tokens);

  // Sees to it that all of them can be used; grants what is missing as of `time`.
  // Errors: throws std::runtime_error, with a sentence, where one is refused.
  void prepare(const std::vector<std::string_view>& who, const std::string& time, Senders& senders);
  // Of one that was prepared.
  [[nodiscard]] const std::string& token_of(std::string_view who) const;
  [[nodiscard]] std::size_t granted() const { return granted_; }

 private:
  struct Listed {
    std::string account;
    std::string unit;
    std::int64_t granted = 0;
  };
  void list(Client& client, const std::map<std::string, std::string>& tokens);
  void grant(Client& client, const std::string& who, const std::string& token, const std::string& time) const;
  [[nodiscard]] std::string derived_token(std::string_view who) const;

  std::string operator_token_;
  std::set<std::string, std::less<>> names_;  // of accounts that are there
  std::map<std::string, std::string, std::less<>> tokens_;
  std::size_t granted_ = 0;
};

}  // namespace tamroi::cli
