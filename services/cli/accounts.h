#pragma once

#include <string>

#include "cli/patience.h"
#include "cli/screen.h"

// Who may do what. Tokens are made here, shown once, and only their hashes are sent.
namespace tamroi::cli {

struct AccountWish {
  std::string account = {};
  std::string role = {};
  std::string unit = {};     // "": that of a role that has but one
  std::string expires = {};  // a date, or never
  std::string reason = {};   // "": a usual one
};

[[nodiscard]] Exit grant_account(Client& client, const AccountWish& wish, const Screen& screen, const Pause& pause);
[[nodiscard]] Exit revoke_account(Client& client, const AccountWish& wish, const Screen& screen, const Pause& pause);
// Gives an account a new token; the old one is no longer in force. Its last day stays unless another is given.
[[nodiscard]] Exit rotate_account(Client& client, const AccountWish& wish, const Screen& screen, const Pause& pause);
[[nodiscard]] Exit list_accounts(Client& client, const Screen& screen);

}  // namespace tamroi::cli
